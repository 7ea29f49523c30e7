package io.multishot;

import io.multishot.SlotState.Failure;
import io.multishot.SlotState.Waiter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for an outcome. The algorithm is here once, for one receiver and for many: spin briefly,
 * register, park until there is an outcome, withdraw.
 */
final class ThreadWaiter extends Waiter {
    /*
     * No outcome is missed. Each registration is a CAS: either it finds the outcome, or the sender's CAS or exchange
     * finds this waiter and unparks the thread, before it parks or while it is parked.
     *
     * Whether an outcome or an interrupt (or the end of the time) was first is decided by the withdrawal, which is a
     * CAS as well. So the interrupt flag is read only after the registration.
     *
     * Nothing is allocated: the receivers are visited by index, each receiver keeps its own waiter for the thread, and
     * the slots hold everything else. The methods below take either one receiver, and null for the list, or the list.
     * If the list changes during the call, the thread may stay registered in a receiver that was removed; this costs
     * one unpark.
     */

    /** No receiver has an outcome yet, or none had one in time. */
    static final int NONE = -1;

    /**
     * How many times a platform thread loads the slot before it parks: as java.util.concurrent.LinkedTransferQueue does
     * it, for the same reasons. It does not spin on a single processor, where the sender could not run meanwhile.
     */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 128 : 0;

    /**
     * How many times a virtual thread loads the slot before it parks. Spinning would keep its carrier from other
     * threads, so it yields. A sender that is ready to run on the same carrier then runs, and has mostly sent when this
     * thread resumes, which saves parking.
     */
    private static final int YIELDS = 1;

    private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

    /**
     * What a first wait would load while the thread is registered. Loaded here, because a class loader may park, and so
     * use up the permit of an unpark (JDK-8074773).
     */
    @SuppressWarnings("unused")
    private static final Class<?>[] ENSURE_LOADED = {
        Failure.class, ForkJoinWorkerThread.class, ForkJoinPool.class, Compensated.class, LockSupport.class
    };

    final Thread thread;

    ThreadWaiter(Thread thread) {
        this.thread = thread;
    }

    @Override
    void onOutcome(Object outcome) {
        LockSupport.unpark(thread);
    }

    /**
     * Waits until one of the receivers has an outcome. The current thread visits them from the start index on.
     *
     * @param one the receiver, if there is one only
     * @param many the receivers, or null if there is one only
     * @param interruptible whether an interrupt ends the wait; otherwise the interrupt flag is set again on return
     * @param nanos how long to wait at most, if timed
     * @return the index of a receiver that has an outcome, or {@link #NONE} if the time is up
     */
    static int await(
            Receiver<?> one,
            @Nullable List<? extends Receiver<?>> many,
            int start,
            boolean interruptible,
            boolean timed,
            long nanos)
            throws InterruptedException {
        long deadline = timed ? System.nanoTime() + Math.max(nanos, 0) : 0;
        Thread current = Thread.currentThread();
        int found = spin(one, many, start, current, spins(current, timed, nanos));
        return found != NONE ? found : registerAndPark(one, many, start, current, interruptible, timed, deadline);
    }

    /** Loads slots for a short while: the same number of loads in all, however many receivers there are. */
    private static int spin(
            Receiver<?> one, @Nullable List<? extends Receiver<?>> many, int start, Thread current, int loads) {
        int size = many == null ? 1 : many.size();
        for (int n = 0, i = start; n != loads; n++, i = next(i, size)) {
            pause(current);
            if (at(one, many, i).hasOutcome()) {
                return i;
            }
        }
        return NONE;
    }

    /** Returns how many times this thread loads slots before it parks. */
    static int spins(Thread current, boolean timed, long nanos) {
        if (timed && nanos <= 0) {
            return 0;
        }
        return isVirtual(current) ? YIELDS : SPINS;
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void pause(Thread current) {
        if (isVirtual(current)) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private static int registerAndPark(
            Receiver<?> one,
            @Nullable List<? extends Receiver<?>> many,
            int start,
            Thread current,
            boolean interruptible,
            boolean timed,
            long deadline)
            throws InterruptedException {
        StackRoom.ensure(StackRoom.TO_NOTIFY); // so that the withdrawal does not fail
        int found = NONE;
        boolean interrupted = false;
        try {
            found = register(one, many, start, current);
            while (found == NONE) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    if (interruptible) {
                        break;
                    }
                } else if (timed && deadline - System.nanoTime() <= 0) {
                    break;
                } else {
                    parkOnce(one, many, start, current, timed, deadline);
                    found = find(one, many, start, current);
                }
            }
        } finally {
            int missed = withdraw(one, many, start, current);
            found = found == NONE ? missed : found;
            if (interrupted && (found != NONE || !interruptible)) {
                current.interrupt();
            }
        }
        if (found == NONE && interrupted && interruptible) {
            throw Errors.interrupted();
        }
        return found;
    }

    /**
     * Registers the current thread in each receiver that has no outcome, and stops at the first that has one. Returns
     * its index, or {@link #NONE}.
     */
    private static int register(
            Receiver<?> one, @Nullable List<? extends Receiver<?>> many, int start, Thread current) {
        int size = many == null ? 1 : many.size();
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            if (at(one, many, i).registerThread(current)) {
                return i;
            }
        }
        return NONE;
    }

    /**
     * Returns the index of a receiver that has an outcome, or {@link #NONE}. A single receiver in which the current
     * thread is not registered any more counts as well: another thread has used it, and the caller reports that misuse.
     */
    private static int find(Receiver<?> one, @Nullable List<? extends Receiver<?>> many, int start, Thread current) {
        if (many == null) {
            return one.isAwaitedBy(current) ? NONE : 0;
        }
        int size = many.size();
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            if (many.get(i).hasOutcome()) {
                return i;
            }
        }
        return NONE;
    }

    /** Withdraws the current thread from each receiver. Returns the index of the first that has an outcome, or NONE. */
    private static int withdraw(
            Receiver<?> one, @Nullable List<? extends Receiver<?>> many, int start, Thread current) {
        int size = many == null ? 1 : many.size();
        int found = NONE;
        for (int n = 0, i = start; n != size; n++, i = next(i, size)) {
            if (at(one, many, i).withdrawThread(current) && found == NONE) {
                found = i;
            }
        }
        return found;
    }

    private static Receiver<?> at(Receiver<?> one, @Nullable List<? extends Receiver<?>> many, int index) {
        return many == null ? one : many.get(index);
    }

    static int next(int index, int size) {
        return index + 1 < size ? index + 1 : 0;
    }

    // ------------------------------------------------------------------ park

    /** Parks the current thread until it is unparked, interrupted or late; or spuriously, as parking may return. */
    private static void parkOnce(
            Receiver<?> one,
            @Nullable List<? extends Receiver<?>> many,
            int start,
            Thread current,
            boolean timed,
            long deadline) {
        Object blocker = many == null ? one : many;
        if (!(current instanceof ForkJoinWorkerThread)) {
            park(blocker, timed, deadline);
            return;
        }
        try {
            ForkJoinPool.managedBlock(new Compensated(one, many, start, current, timed, deadline));
        } catch (Throwable noSpareThread) {
            // The pool must not grow any more, is stopping, or could not make a thread: wait without a spare one.
            parkUnlessFound(one, many, start, current, timed, deadline);
        }
    }

    /**
     * Parks after code of the user's has run, such as the thread factory of a pool: that may have used up the permit of
     * an unpark, so the slots are loaded again.
     */
    private static void parkUnlessFound(
            Receiver<?> one,
            @Nullable List<? extends Receiver<?>> many,
            int start,
            Thread current,
            boolean timed,
            long deadline) {
        if (find(one, many, start, current) == NONE) {
            park(many == null ? one : many, timed, deadline);
        }
    }

    private static void park(Object blocker, boolean timed, long deadline) {
        if (timed) {
            LockSupport.parkNanos(blocker, deadline - System.nanoTime());
        } else {
            LockSupport.park(blocker);
        }
    }

    /** Lets a ForkJoinPool run a spare thread while one of its workers waits. Allocated for such workers only. */
    private record Compensated(
            Receiver<?> one,
            @Nullable List<? extends Receiver<?>> many,
            int start,
            Thread thread,
            boolean timed,
            long deadline)
            implements ForkJoinPool.ManagedBlocker {
        @Override
        public boolean block() {
            parkUnlessFound(one, many, start, thread, timed, deadline);
            return isReleasable();
        }

        @Override
        public boolean isReleasable() {
            return find(one, many, start, thread) != NONE
                    || thread.isInterrupted()
                    || (timed && deadline - System.nanoTime() <= 0);
        }
    }

    // ------------------------------------------------------------------ virtual threads

    static boolean isVirtual(Thread thread) {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Returns Thread.isVirtual() where the JDK has it (21 and later), else a constant false. */
    private static MethodHandle isVirtualHandle() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodType type = MethodType.methodType(boolean.class);
        try {
            return lookup.findVirtual(Thread.class, "isVirtual", type);
        } catch (ReflectiveOperationException olderJdk) {
            return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Thread.class);
        }
    }
}
