package io.multishot;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A long-lived second thread that runs one action at a time, for hammer tests: the test's own thread is the first. Both
 * spin, so a round costs a fraction of a microsecond; {@link Duo} costs some.
 */
final class Partner<R> implements AutoCloseable {
    private final Thread thread = new Thread(this::work, "partner");
    private volatile Callable<R> action;
    private volatile boolean closed;
    private R result;
    private Throwable thrown;

    Partner() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets a random moment pass, so that all relative timings come up. */
    static void jitter() {
        jitter(32);
    }

    static void jitter(int most) {
        for (int spins = ThreadLocalRandom.current().nextInt(most); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    /** Fails without the cost of an assertion object: for the inner loops. */
    static void require(boolean holds, String what, int round) {
        if (!holds) {
            throw new AssertionError(what + ", in round " + round);
        }
    }

    /** Lets the other thread run this, a random moment from now, and returns at once. */
    void start(Callable<R> next) {
        require(action == null, "the partner is busy", -1);
        action = next;
    }

    /** Waits until the action is over; returns its result or throws what it threw. */
    R join() {
        awaitIdle();
        if (thrown != null) {
            throw new AssertionError("the partner threw", thrown);
        }
        return result;
    }

    /**
     * Lets a random moment of the action pass; in one round of eight all of it, so that on a busy machine it is first
     * too.
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
            backoff.once("the partner hangs");
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

    /** Spins, then yields, since the machine may have fewer processors than threads; gives up after a minute. */
    static final class Backoff {
        private int looks;
        private long deadline;

        void idle() {
            if (++looks < 1000) {
                Thread.onSpinWait();
            } else if (looks < 20_000) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }

        void once(String complaint) {
            if (++looks < 1000) {
                Thread.onSpinWait();
                return;
            }
            if (looks == 1000) {
                deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            }
            Thread.yield();
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(complaint);
            }
        }
    }
}
