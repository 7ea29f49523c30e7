package io.multishot.verification.soak;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What is to happen in a round.
 *
 * @param uses what the sender is used for: more than once to provoke misuse, not at all if it is to be lost
 * @param concurrent whether several uses are made by as many threads at once, instead of by one in sequence
 * @param delay how long the sender's thread waits before the first use
 * @param mode how the receiver waits
 * @param ending how the receiver means to end the round
 * @param fault what goes wrong besides
 * @param randomBits the source of all smaller decisions
 */
record RoundPlan(
        List<Use> uses,
        boolean concurrent,
        Delay delay,
        ReceiveMode mode,
        Ending ending,
        Fault fault,
        long randomBits) {
    RoundPlan {
        uses = List.copyOf(uses);
    }

    boolean losesSender() {
        return uses.isEmpty();
    }

    /** Returns a number from 0 to 255 that is independent for each index from 0 to 7. */
    int randomByte(int index) {
        return (int) (randomBits >>> (8 * index)) & 0xff;
    }

    /** What a sender is used for. */
    enum Use {
        SEND,
        FAIL,
        DROP
    }

    /** How a receiver waits. */
    enum ReceiveMode {
        RECEIVE,
        RECEIVE_TIMED,
        RECEIVE_UNINTERRUPTIBLY,
        TRY_RECEIVE,
        POLL,
        TASK,
        FUTURE
    }

    /** How the receiver means to end a round. It may get the outcome before it comes to that. */
    enum Ending {
        /** Waits for the outcome and takes it. */
        TAKE,
        /** Waits for the outcome and leaves it in the slot, where the next round discards it. */
        LEAVE_SEEN,
        /** Waits for nothing, but requests the next sender until it gets one, which discards the outcome. */
        LEAVE_UNSEEN,
        /** Tries once, then abandons the round. */
        ABANDON,
        /** Tries once, then closes the receiver. The channel continues with a new one. */
        CLOSE
    }

    /** What goes wrong in a round. It has no effect if it does not apply to the receive mode. */
    enum Fault {
        NONE,
        /** The receiver's thread is interrupted when it begins to wait. */
        INTERRUPT_BY_RECEIVER,
        /** The sender's thread interrupts the receiver's at any moment, perhaps in a later round. */
        INTERRUPT_BY_SENDER,
        /** The waker, or the step of the task, throws. */
        CALLBACK_THROWS,
        /** The executor of the task rejects once. */
        EXECUTOR_REJECTS,
        /** The executor of the task runs it twice for each request. */
        EXECUTOR_RUNS_TWICE,
        /** The receiver's thread cancels or completes its own future. */
        FUTURE_COMPLETED_BY_RECEIVER,
        /** The sender's thread cancels or completes the receiver's future. */
        FUTURE_COMPLETED_BY_SENDER,
        /** A thread uses a sender of an earlier round, of some safe channel, once more. */
        STALE_USE
    }

    /** How long the sender's thread waits before it uses the sender. */
    enum Delay {
        /** Not at all, and the receiver's own thread uses the sender before it waits. */
        SAME_THREAD,
        NONE,
        SPIN,
        YIELD,
        /** Long enough for a receiver to park, or for its time to run out. */
        PARK;

        private static final int MAX_SPINS = 256;
        private static final int MAX_NANOS = 300_000;

        @SuppressWarnings("ThreadPriorityCheck") // perturbs the scheduler; nothing relies on it
        void await(long randomBits) {
            switch (this) {
                case SAME_THREAD, NONE -> {}
                case SPIN -> {
                    for (int i = (int) (randomBits & (MAX_SPINS - 1)); i > 0; i--) {
                        Thread.onSpinWait();
                    }
                }
                case YIELD -> Thread.yield();
                case PARK -> LockSupport.parkNanos(Math.floorMod(randomBits, MAX_NANOS));
            }
        }
    }

    /**
     * Draws the plans of one channel's rounds. The same seed and channel give the same plans, except that a plan leaves
     * out what the channel would not survive: a second use if it is not safe, a lost sender without leak detector.
     */
    static final class Generator {
        private static final ReceiveMode[] MODES = ReceiveMode.values();
        private static final Fault[] FAULTS = Fault.values();

        private final SplittableRandom random;
        private final boolean safe;
        private final boolean detectsLeaks;

        Generator(long seed, int channel, boolean safe, boolean detectsLeaks) {
            this.random = new SplittableRandom(seed * 1_000_003 + channel);
            this.safe = safe;
            this.detectsLeaks = detectsLeaks;
        }

        RoundPlan next() {
            List<Use> uses = uses(random.nextInt(1000), random.nextInt(1000));
            boolean concurrent = random.nextBoolean();
            Delay delay = delay(random.nextInt(100));
            ReceiveMode mode = MODES[random.nextInt(MODES.length)];
            Ending ending = ending(random.nextInt(100));
            Fault fault = random.nextInt(100) < 30 ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
            long randomBits = random.nextLong();
            if (uses.isEmpty()) {
                ending = ending == Ending.CLOSE || ending == Ending.LEAVE_UNSEEN ? Ending.TAKE : ending;
                fault = fault == Fault.CALLBACK_THROWS || fault == Fault.EXECUTOR_REJECTS ? Fault.NONE : fault;
            }
            return new RoundPlan(uses, concurrent, delay, mode, ending, fault, randomBits);
        }

        private List<Use> uses(int first, int second) {
            if (first == 0 && detectsLeaks) {
                return List.of();
            }
            Use use = use(first);
            return second < 60 && safe ? List.of(use, use(second * 16)) : List.of(use);
        }

        private static Use use(int perMille) {
            if (perMille < 60) {
                return Use.FAIL;
            }
            return perMille < 130 ? Use.DROP : Use.SEND;
        }

        private static Delay delay(int percent) {
            if (percent < 10) {
                return Delay.SAME_THREAD;
            }
            if (percent < 50) {
                return Delay.NONE;
            }
            if (percent < 85) {
                return Delay.SPIN;
            }
            return percent < 97 ? Delay.YIELD : Delay.PARK;
        }

        private static Ending ending(int percent) {
            if (percent < 70) {
                return Ending.TAKE;
            }
            if (percent < 76) {
                return Ending.LEAVE_SEEN;
            }
            if (percent < 81) {
                return Ending.LEAVE_UNSEEN;
            }
            return percent < 97 ? Ending.ABANDON : Ending.CLOSE;
        }
    }
}
