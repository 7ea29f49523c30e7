package io.multishot;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that waits for the outcomes of many receivers. Nothing here is taken, and nothing is kept: the list is
 * walked by index, each receiver has its own waiter of the thread, and the slots hold the rest. So there is no garbage.
 * A list that changes in between cannot do more than leave such a waiter registered in a receiver that it no longer
 * has: one unpark more.
 */
final class ManyRounds {
    /** No receiver: not yet, or not in time. */
    static final int NONE = -1;

    private ManyRounds() {}

    /**
     * Waits for the first outcome. The walks begin at a random place, so that whoever is ready is found with a chance
     * of at least one in the number of receivers. A place that is remembered would have to be shared, or garbage.
     *
     * @return the index of a receiver that has an outcome, or {@link #NONE} if the time is up
     */
    static int awaitAny(List<? extends Rounds<?>> receivers, boolean timed, long nanos) throws InterruptedException {
        int size = receivers.size();
        int start = ThreadLocalRandom.current().nextInt(size);
        int found = look(receivers, size, start);
        if (found != NONE) {
            return found;
        }
        long deadline = timed ? System.nanoTime() + Math.max(nanos, 0) : 0;
        Thread current = Thread.currentThread();
        found = spin(receivers, size, start, current, ThreadWaiter.spins(current, timed, nanos));
        return found != NONE ? found : park(receivers, size, start, current, timed, deadline);
    }

    /**
     * Waits until each has an outcome, for one after the other: the last one decides, in whatever order they come. So
     * one waiter is registered at a time, and a sender whose turn has not come wakes nobody.
     *
     * @return false if the time is up
     */
    static boolean awaitAll(List<? extends Rounds<?>> receivers, boolean timed, long nanos)
            throws InterruptedException {
        int size = receivers.size();
        look(receivers, size, 0);
        long deadline = timed ? System.nanoTime() + Math.max(nanos, 0) : 0;
        for (int i = 0; i < size; i++) {
            Rounds<?> each = receivers.get(i);
            Object seen = each.look();
            if (Sender.isLive(seen)) {
                seen = ThreadWaiter.await(each, true, timed, timed ? deadline - System.nanoTime() : 0);
                if (seen == null) {
                    return false;
                }
                if (seen instanceof Waiter) {
                    throw Errors.waiterReplaced();
                }
            }
        }
        return true;
    }

    /**
     * The first look, which also refuses what cannot be waited for; all of it, so that the answer depends on no chance.
     */
    private static int look(List<? extends Rounds<?>> receivers, int size, int start) {
        int found = NONE;
        boolean live = false;
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            Rounds<?> each = receivers.get(i);
            Object seen = each.look();
            if (seen == Mark.CLOSED) {
                throw Errors.closed();
            }
            if (Sender.isLive(seen)) {
                live = true;
            } else if (found == NONE && each.isOutcome(seen)) {
                found = i;
            }
        }
        if (found == NONE && !live) {
            throw Errors.noRounds();
        }
        return found;
    }

    /** So many looks in all, however many receivers there are. */
    private static int spin(List<? extends Rounds<?>> receivers, int size, int start, Thread current, int looks) {
        for (int n = 0, i = start; n != looks; n++, i = next(i, size)) {
            Rounds<?> each = receivers.get(i);
            if (each.isOutcome(each.lookAgain())) {
                return i;
            }
            ThreadWaiter.pause(current);
        }
        return NONE;
    }

    /**
     * Registers in all, parks until one has an outcome, and withdraws from all. No outcome is missed: each registration
     * is a compare-and-set, which finds the outcome or is found by the sender, and that unparks, before the parking or
     * in it. As in ThreadWaiter, the withdrawal decides whether an interrupt or an outcome was first.
     */
    private static int park(
            List<? extends Rounds<?>> receivers, int size, int start, Thread current, boolean timed, long deadline)
            throws InterruptedException {
        int found = NONE;
        int unread = NONE;
        boolean interrupted = false;
        try {
            found = register(receivers, size, start, current);
            while (found == NONE) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    break;
                }
                if (timed && deadline - System.nanoTime() <= 0) {
                    break;
                }
                parkOnce(receivers, current, timed, deadline);
                found = lookAgain(receivers, size, start);
            }
        } finally {
            unread = withdraw(receivers, size, start, current);
        }
        if (found == NONE) {
            found = unread;
        }
        if (interrupted) {
            if (found == NONE) {
                throw Errors.interrupted();
            }
            current.interrupt();
        }
        return found;
    }

    /** Registers in each that has no outcome; stops at the first that has one, and returns it. */
    private static int register(List<? extends Rounds<?>> receivers, int size, int start, Thread current) {
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            Rounds<?> each = receivers.get(i);
            Object seen = each.lookAgain();
            if (Sender.isLive(seen)) {
                seen = each.register(seen, each.waiterFor(current));
            }
            if (each.isOutcome(seen)) {
                return i;
            }
        }
        return NONE;
    }

    private static int lookAgain(List<? extends Rounds<?>> receivers, int size, int start) {
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            Rounds<?> each = receivers.get(i);
            if (each.isOutcome(each.lookAgain())) {
                return i;
            }
        }
        return NONE;
    }

    /** Withdraws this thread from each; returns the first that has an outcome, some of which were faster. */
    private static int withdraw(List<? extends Rounds<?>> receivers, int size, int start, Thread current) {
        int found = NONE;
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            Rounds<?> each = receivers.get(i);
            Object seen = each.lookAgain();
            if (seen instanceof ThreadWaiter waiter && waiter.thread == current) {
                seen = each.withdraw(waiter);
            }
            if (found == NONE && each.isOutcome(seen)) {
                found = i;
            }
        }
        return found;
    }

    private static int next(int index, int size) {
        return index + 1 < size ? index + 1 : 0;
    }

    private static void parkOnce(List<? extends Rounds<?>> receivers, Thread current, boolean timed, long deadline)
            throws InterruptedException {
        if (current instanceof ForkJoinWorkerThread
                && ThreadWaiter.block(new Compensated(receivers, current, timed, deadline))) {
            return;
        }
        ThreadWaiter.parkOnce(receivers, timed, deadline);
    }

    /** Lets a ForkJoinPool run another thread while one of its workers waits. Allocated for such workers only. */
    private record Compensated(List<? extends Rounds<?>> receivers, Thread thread, boolean timed, long deadline)
            implements ForkJoinPool.ManagedBlocker {
        @Override
        public boolean block() {
            ThreadWaiter.parkOnce(receivers, timed, deadline);
            return isReleasable();
        }

        @Override
        public boolean isReleasable() {
            return lookAgain(receivers, receivers.size(), 0) != NONE
                    || thread.isInterrupted()
                    || (timed && deadline - System.nanoTime() <= 0);
        }
    }
}
