package io.multishot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for an outcome: spins a little, registers, parks. */
final class ThreadWaiter extends Waiter {
    /**
     * How often a platform thread looks before it parks: as java.util.concurrent.LinkedTransferQueue does it, and for
     * the same reasons. No spinning on a single processor, where the sender could not run meanwhile.
     */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 128 : 0;

    /**
     * How often a virtual thread looks before it parks. Spinning would keep its carrier from others, so it yields: a
     * sender that is ready to run on the same carrier then runs, and mostly has sent when this thread is back, which
     * saves parking.
     */
    private static final int YIELDS = 1;

    private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

    /** Loaded now, because loading it in the middle of a wait could lose an unpark (JDK-8074773). */
    @SuppressWarnings("unused")
    private static final Class<?> ENSURE_LOADED = LockSupport.class;

    final Thread thread;

    ThreadWaiter(Thread thread) {
        this.thread = thread;
    }

    @Override
    void signal(Object outcome) {
        LockSupport.unpark(thread);
    }

    /**
     * Waits until the round has an outcome. Returns the outcome, or null if the time is up. An interrupt is looked for
     * after the registration only: whether it or the outcome was first is then decided by the withdrawal.
     *
     * @param nanos how long to wait at most, if timed
     */
    static @Nullable Object await(Rounds<?> rounds, boolean interruptible, boolean timed, long nanos)
            throws InterruptedException {
        Object seen = rounds.look();
        if (!Sender.isLive(seen)) {
            return seen;
        }
        long deadline = timed ? System.nanoTime() + Math.max(nanos, 0) : 0;
        Thread current = Thread.currentThread();
        int spins = spins(current, timed, nanos);
        while (spins-- > 0 && Sender.isLive(seen)) {
            pause(current);
            seen = rounds.lookAgain();
        }
        return Sender.isLive(seen)
                ? rounds.waiterFor(current).await(rounds, seen, interruptible, timed, deadline)
                : seen;
    }

    /** How often this thread looks before it parks. */
    static int spins(Thread current, boolean timed, long nanos) {
        if (timed && nanos <= 0) {
            return 0;
        }
        return isVirtual(current) ? YIELDS : SPINS;
    }

    /** What this thread does between two looks. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void pause(Thread current) {
        if (isVirtual(current)) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /**
     * Registers this waiter of the current thread, and parks. Before it gives up it withdraws; the outcome may be
     * faster. Returns the outcome, or null if late.
     */
    private @Nullable Object await(
            Rounds<?> rounds, @Nullable Object seen, boolean interruptible, boolean timed, long deadline)
            throws InterruptedException {
        boolean interrupted = false;
        try {
            seen = rounds.register(seen, this);
            while (seen == this) {
                if (Thread.interrupted()) {
                    if (interruptible) {
                        seen = rounds.withdraw(this);
                        if (seen == null) {
                            throw Errors.interrupted();
                        }
                    }
                    interrupted = true;
                } else if (timed && deadline - System.nanoTime() <= 0) {
                    seen = rounds.withdraw(this);
                } else {
                    park(rounds, timed, deadline);
                    seen = rounds.lookAgain();
                }
            }
            return seen;
        } finally {
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    /** Parks the current thread until it is told, interrupted or late; or for no reason, as parking goes. */
    private void park(Rounds<?> rounds, boolean timed, long deadline) throws InterruptedException {
        if (thread instanceof ForkJoinWorkerThread && block(new Compensated(this, rounds, timed, deadline))) {
            return;
        }
        parkOnce(rounds, timed, deadline);
    }

    /** Blocks with compensation. Returns false if the pool may not grow any more: then wait without. */
    static boolean block(ForkJoinPool.ManagedBlocker blocker) throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(blocker);
            return true;
        } catch (RejectedExecutionException noSpareThread) {
            return false;
        }
    }

    static void parkOnce(Object blocker, boolean timed, long deadline) {
        if (timed) {
            LockSupport.parkNanos(blocker, deadline - System.nanoTime());
        } else {
            LockSupport.park(blocker);
        }
    }

    static boolean isVirtual(Thread thread) {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Thread.isVirtual() where the JDK has it (21 and later), else a constant false. */
    private static MethodHandle isVirtualHandle() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodType type = MethodType.methodType(boolean.class);
        try {
            return lookup.findVirtual(Thread.class, "isVirtual", type);
        } catch (ReflectiveOperationException olderJdk) {
            return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Thread.class);
        }
    }

    /** Lets a ForkJoinPool run another thread while one of its workers waits. Allocated for such workers only. */
    private record Compensated(ThreadWaiter waiter, Rounds<?> rounds, boolean timed, long deadline)
            implements ForkJoinPool.ManagedBlocker {
        @Override
        public boolean block() {
            parkOnce(rounds, timed, deadline);
            return isReleasable();
        }

        @Override
        public boolean isReleasable() {
            return rounds.lookAgain() != waiter
                    || waiter.thread.isInterrupted()
                    || (timed && deadline - System.nanoTime() <= 0);
        }
    }
}
