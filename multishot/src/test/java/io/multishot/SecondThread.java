package io.multishot;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A long-lived thread that runs one action at a time, concurrently with the test's own thread. Both spin between
 * rounds, so a round costs a fraction of a microsecond.
 */
final class SecondThread<R> implements AutoCloseable {
    private final Thread thread = new Thread(this::work, "second");
    private volatile Callable<R> action;
    private volatile boolean closed;
    private R result;
    private Throwable thrown;

    SecondThread() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Spins for a random moment, so that all relative timings occur. */
    static void jitter() {
        jitter(32);
    }

    static void jitter(int most) {
        for (int spins = ThreadLocalRandom.current().nextInt(most); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    /** Fails without allocating an assertion object: for the inner loops. */
    static void require(boolean holds, String what, int round) {
        if (!holds) {
            throw new AssertionError(what + ", in round " + round);
        }
    }

    /** Makes the thread run an action after a random moment, and returns at once. */
    void start(Callable<R> next) {
        require(action == null, "the second thread is busy", -1);
        action = next;
    }

    /** Waits until the action has ended; returns its result or throws what it threw. */
    R join() {
        awaitIdle();
        if (thrown != null) {
            throw new AssertionError("the second thread threw", thrown);
        }
        return result;
    }

    /**
     * Waits for a random moment, and in one round of eight until the action has ended: otherwise the second thread
     * would never come first on a busy machine.
     */
    void pause(int round) {
        if (round % 8 != 7) {
            jitter();
            return;
        }
        awaitIdle();
    }

    void awaitIdle() {
        Backoff backoff = new Backoff();
        while (action != null) {
            backoff.once("the second thread hangs");
        }
    }

    /** Waits until the action is parked without a timeout, not merely about to be for a moment. */
    void awaitParked() {
        Backoff backoff = new Backoff();
        for (int seen = 0; seen < 100; seen = thread.getState() == Thread.State.WAITING ? seen + 1 : 0) {
            backoff.once("the second thread does not park");
        }
    }

    boolean isBusy() {
        return action != null;
    }

    Thread thread() {
        return thread;
    }

    private void work() {
        Backoff backoff = new Backoff();
        while (!closed) {
            Callable<R> next = action;
            if (next == null) {
                backoff.idle();
                continue;
            }
            backoff = new Backoff();
            thrown = null;
            jitter();
            try {
                result = next.call();
            } catch (Throwable failure) {
                thrown = failure;
            }
            action = null;
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Spins, then yields, because the machine may have fewer processors than threads; fails after a minute. */
    static final class Backoff {
        private int waits;
        private long deadline;

        void idle() {
            if (++waits < 1000) {
                Thread.onSpinWait();
            } else if (waits < 20_000) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }

        void once(String complaint) {
            if (++waits < 1000) {
                Thread.onSpinWait();
                return;
            }
            if (waits == 1000) {
                deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            }
            Thread.yield();
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(complaint);
            }
        }
    }
}
