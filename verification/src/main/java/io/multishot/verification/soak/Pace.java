package io.multishot.verification.soak;

import java.util.concurrent.locks.LockSupport;

/** How long a sender lets its receiver wait. */
enum Pace {
    /** Not at all: the receiver's own thread uses the sender before it waits. */
    INLINE,
    AT_ONCE,
    SPIN,
    YIELD,
    /** Long enough for a receiver to park, or to lose patience. */
    NAP;

    private static final int MOST_SPINS = 256;
    private static final int PAUSE_NANOS = 10_000;
    private static final int MOST_NANOS = 300_000;

    /** Passes the time. */
    @SuppressWarnings("ThreadPriorityCheck") // it shall perturb the scheduler, nothing relies on it
    void pass(long noise) {
        switch (this) {
            case INLINE, AT_ONCE -> {}
            case SPIN -> {
                for (int i = (int) (noise & (MOST_SPINS - 1)); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
            case YIELD -> Thread.yield();
            case NAP -> LockSupport.parkNanos(Math.floorMod(noise, MOST_NANOS));
        }
    }

    /**
     * Pauses one who asks again and again, whether interrupted or not. Yielding would not do: virtual threads that
     * yield in a loop may keep all carriers to themselves, and those who were unparked from outside starve.
     */
    static void pause() {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + PAUSE_NANOS;
        for (long left = PAUSE_NANOS; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left); // the first time for nothing, if the interrupt has left a permit to go on
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
