package io.multishot.verification.planted;

import static io.multishot.verification.planted.PlantedBug.Assertions.OFF;
import static io.multishot.verification.planted.PlantedBug.Assertions.ON;

/**
 * Mistakes that somebody could make in the library, each as an exact change of its source, with the check that must catch
 * it. A change whose text is not found exactly once is an error: the source has moved on, and the bug must follow.
 */
enum PlantedBug {
    REGISTRATION_BY_READ_THEN_WRITE("Rounds", """
                    Object before = cell.slotCompareAndExchange(seen, waiter);
                    return before == seen ? waiter : before;
            """, """
                    Object before = cell.slotAcquire();
                    if (before == seen) {
                        cell.slotSetRelease(waiter);
                    }
                    return before == seen ? waiter : before;
            """, "io.multishot.WakeRaceTest", OFF),

    WAKER_WOKEN_BEFORE_THE_OUTCOME_IS_VISIBLE("Sender", """
                    Object before = slotGetAndSet(outcome);
            """, """
                    if (slotAcquire() instanceof Waiter early) {
                        early.wake(outcome);
                    }
                    Object before = slotGetAndSet(outcome);
            """, "io.multishot.WakeRaceTest", OFF),

    SENDER_TOUCHES_THE_CELL_AFTER_ITS_EXCHANGE("Sender", """
                        waiter.wake(outcome);
                        return true;
            """, """
                        waiter.wake(outcome);
                        slotSetRelease(outcome);
                        return true;
            """, "io.multishot.RecyclingTest", OFF),

    WITHDRAWAL_WITHOUT_COMPARE_AND_SET("Rounds", """
                    Object before = cell.slotCompareAndExchange(waiter, null);
                    return before == waiter ? null : before;
            """, """
                    Object before = cell.slotAcquire();
                    cell.slotOpenRelease();
                    return before == waiter ? null : before;
            """, "io.multishot.TimeoutRaceTest", OFF),

    WITHDRAWN_WAITER_TAKEN_FOR_MISUSE("Sender", """
                    if (isLive(seen)) {
                        return exchange(outcome);
                    }
            """, """
                    if (isLive(seen)) {
                        Object before = slotGetAndSet(outcome);
                        if (before != seen && before != Mark.ABANDONED) {
                            throw Errors.alreadyConsumed();
                        }
                        if (before instanceof Waiter waiter) {
                            waiter.wake(outcome);
                        }
                        return before != Mark.ABANDONED;
                    }
            """, "io.multishot.TimeoutRaceTest", OFF),

    ABANDON_THAT_REUSES_THE_CELL("Rounds", """
                        if (cell.detach(seen)) {
                            return true;
                        }
            """, """
                        if (cell.detach(seen)) {
                            this.cell = cell;
                            cell.slotSetRelease(Mark.TAKEN);
                            return true;
                        }
            """, "io.multishot.AbandonRaceTest", OFF),

    DETACHED_MARK_NOT_PUT_BACK("Sender", """
                        slotSetRelease(Mark.ABANDONED);
                        detachedSetRelease();
                        return false;
            """, """
                        return false;
            """, "io.multishot.RareStatesTest", OFF),

    GUARDED_SENDER_THAT_IS_NOT_FRESH("Rounds", """
                    if (last.getClass() == Sender.class) {
            """, """
                    if (!CHECKED) {
            """, "io.multishot.RecyclingTest", OFF),

    CLAIM_BY_READ_THEN_WRITE("GuardedSender", """
                    return CLAIM.compareAndExchange(this, null, claimant);
            """, """
                    Object before = CLAIM.getAcquire(this);
                    if (before == null) {
                        CLAIM.setRelease(this, claimant);
                    }
                    return before;
            """, "io.multishot.DoubleUseRaceTest", OFF),

    TASK_THAT_LOSES_A_WAKE_DURING_A_RUN("Task", """
                    long request = running - WOKEN - RUNNING + SCHEDULED;
            """, """
                    if (running > 0) {
                        STATE.setVolatile(this, running - WOKEN - RUNNING);
                        return true;
                    }
                    long request = running - WOKEN - RUNNING + SCHEDULED;
            """, "io.multishot.TaskTest", OFF),

    TASK_WHOSE_FAILED_REQUEST_RESETS_A_NEWER_ONE("Task", """
                    if (STATE.compareAndSet(this, request, request - SCHEDULED + EPOCH)) {
            """, """
                    if (((long) STATE.getVolatile(this) & FLAGS) == SCHEDULED) {
                        STATE.setVolatile(this, (long) STATE.getVolatile(this) - SCHEDULED + EPOCH);
            """, "io.multishot.TaskFaultTest", OFF),

    SENDER_THAT_PUTS_ITS_OUTCOME_BACK_AFTER_LOSING_TO_A_CANCEL(
            "ReceiveFuture", """
                        finish(outcome);
                    }
                }
            """, """
                        finish(outcome);
                    } else {
                        Sender<T> channel = cell;
                        if (channel != null) {
                            channel.slotSetRelease(outcome);
                        }
                    }
                }
            """, "io.multishot.ReceiveAsyncRaceTest", OFF),

    OVERLAP_THAT_NOBODY_NOTICES("OverlapCheck", """
                        if (inside != null) {
                            throw Errors.overlap(inside);
                        }
            """, """
                        if (inside != null) {
                            return null;
                        }
            """, "io.multishot.CheckedModeTest", ON),

    LEAK_WATCH_THAT_HOLDS_THE_CHANNEL("LeakWatch", """
                    return CLEANER.register(handle, new Drop(new WeakReference<>(cell)));
            """, """
                    HELD.add(cell);
                    return CLEANER.register(handle, new Drop(new WeakReference<>(cell)));
                }

                private static final java.util.Set<Object> HELD = java.util.concurrent.ConcurrentHashMap.newKeySet();

                static boolean holds(Object cell) {
                    return HELD.contains(cell);
            """, "io.multishot.LeakTest", ON);

    /** Whether the check runs with assertions enabled. */
    enum Assertions {
        ON,
        OFF
    }

    final String file;
    final String correct;
    final String wrong;
    final String check;
    final Assertions assertions;

    PlantedBug(String file, String correct, String wrong, String check, Assertions assertions) {
        this.file = file;
        this.correct = correct;
        this.wrong = wrong;
        this.check = check;
        this.assertions = assertions;
    }
}
