package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs a step on any executor, for code that polls: after each {@link #wake()} the step runs once more.
 * <!-- snippet: task -->
 *
 * <pre>{@code
 * private final Task task = new Task(executor, this::step);
 *
 * private void step() {
 *     while (receiver.poll(task) == Poll.READY) {
 *         answered(receiver.take()); // and asks the next question
 *     }
 * }
 * }</pre>
 *
 * <p><b>Coalescing.</b> The step runs once for any number of wakes before it. Wakes that arrive during a run coalesce
 * into one more run, which is handed to the executor anew, so that other work gets its turn.
 *
 * <p><b>Memory effects.</b> Everything before a wake, coalesced or not, happens-before the run that follows. Each run
 * happens-before the next.
 *
 * <p><b>One at a time.</b> The step never runs concurrently with itself, nor inside itself, also on an executor that
 * runs in the caller.
 *
 * <p><b>Faults.</b> If the step throws, the exception surfaces in the executor, the task can be woken again, and a wake
 * that came during that run is served. If the executor rejects, {@link #wake()} throws the exception. If it rejects the
 * run for wakes that came during a run, the step runs again at once on the same thread, because those callers have
 * returned already. So a step that wakes itself forever does not end when its executor is shut down: let it test a flag
 * of yours. An executor that silently discards a run leaves the task waiting for that run forever.
 *
 * @since 0.1.0
 */
public final class Task implements Waker {
    /*
     * The state is an epoch and three flags:
     *
     *   flags                  meaning
     *   0                      idle
     *   SCHEDULED              the executor has been, or is being, asked for a run
     *   SCHEDULED | WOKEN      the same, and threads other than the one that asks have woken the task meanwhile
     *   RUNNING                the step runs
     *   RUNNING | WOKEN        the step runs, and the task has been woken meanwhile
     *
     * The epoch grows when a run begins and when a request for one is taken back. So (epoch, SCHEDULED) names one
     * request, and a thread whose execute failed takes back its own request or none. It must not take back another one:
     * the executor may have run the step in the caller before it threw, and the next run may have been requested since.
     *
     * A call of run proves nothing: it begins the step only if it moves the state from SCHEDULED to RUNNING, and a
     * surplus call does nothing. So an executor that throws and runs all the same does no harm.
     */
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int WOKEN = 4;
    private static final int FLAGS = SCHEDULED | RUNNING | WOKEN;
    private static final int EPOCH = FLAGS + 1;

    private static final int MAX_SUPPRESSED = 8;

    /** Stands for no request; a request always has its flag set. */
    private static final long NONE = 0;

    private static final VarHandle STATE =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "state", VarHandle.class, Task.class, long.class);

    private static final VarHandle RESUBMITTER = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "resubmitter", VarHandle.class, Task.class, Thread.class);

    private static final VarHandle CALLED_ON = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "calledOn", VarHandle.class, Task.class, Thread.class);

    private final Executor executor;
    private final Runnable step;
    private final Runnable runner = this::run;

    private volatile long state;

    /**
     * The thread that asks the executor for the run after its own, until it knows whether the executor runs it in the
     * caller.
     */
    private volatile @Nullable Thread resubmitter;

    /** The resubmitter, if the executor has called run on that thread meanwhile: it runs in the caller. */
    @SuppressWarnings("UnusedVariable") // read through CALLED_ON
    private volatile @Nullable Thread calledOn;

    /**
     * Makes a task. It does not run until it is woken.
     *
     * @param executor runs the step; may run it in the caller
     * @param step one run of the task; it should poll until nothing is ready, and return instead of blocking
     * @throws NullPointerException if an argument is null
     */
    public Task(Executor executor, Runnable step) {
        this.executor = Objects.requireNonNull(executor, "executor");
        this.step = Objects.requireNonNull(step, "step");
    }

    /**
     * Makes the step run once more, after everything that came before this call. Any thread may call it, the step
     * included. Lock-free: at least one atomic read-modify-write, and one {@link Executor#execute} if no run is
     * scheduled or under way.
     *
     * <p>If the executor rejects, this method throws what the executor threw, of any type, and the next wake tries
     * anew. If other threads have woken the task meanwhile, relying on this call, the executor is first asked again on
     * their behalf, as long as that happens. If it rejects that as well, the next wake serves them all.
     */
    @Override
    public void wake() {
        StackRoom.ensureToRun(this);
        wakeWithRoom();
    }

    /** Wakes the task. If it is idle, the caller has made sure that there is {@link StackRoom}. */
    void wakeWithRoom() {
        long seen;
        long next;
        do {
            seen = state;
            next = (seen & FLAGS) == 0 ? seen | SCHEDULED : seen | WOKEN;
            // Transition: idle → SCHEDULED, else | WOKEN, also when that changes nothing: only a write publishes
            // what came before this wake. Ordering: volatile, pairs with begin and with finish.
        } while (!STATE.compareAndSet(this, seen, next));
        if ((seen & FLAGS) == 0) {
            submit(next);
        }
    }

    /** Asks the executor for the run that this request names, and again for wakes that came while it was rejecting. */
    private void submit(long request) {
        Throwable rejection = null;
        do {
            try {
                executor.execute(runner);
                request = NONE;
            } catch (Throwable thrown) {
                request = takeBack(request);
                rejection = first(rejection, thrown);
            }
        } while (request != NONE);
        rethrow(rejection);
    }

    /**
     * Takes back a request that the executor rejected. Returns a new request if the task was woken meanwhile; else
     * {@link #NONE}. It also returns {@link #NONE} if the requested run has begun, which serves the request.
     */
    private long takeBack(long request) {
        // Transition: SCHEDULED → idle of the next epoch. Ordering: volatile, hands on what earlier wakes published.
        if (STATE.compareAndSet(this, request, request - SCHEDULED + EPOCH)) {
            return NONE;
        }
        // Transition: SCHEDULED | WOKEN → SCHEDULED of the next epoch. WOKEN is never cleared without a new epoch, so
        // two attempts are enough. Ordering: volatile, as above.
        return STATE.compareAndSet(this, request | WOKEN, request + EPOCH) ? request + EPOCH : NONE;
    }

    /** Returns whether the next wake must ask the executor for a run; a hint, because it may change at any time. */
    boolean isIdle() {
        return (state & FLAGS) == 0;
    }

    /** Runs the step; this is what the executor is given. */
    private void run() {
        Thread current = Thread.currentThread();
        if (resubmitter == current) {
            // The executor runs in the caller, which is finish, further down on this stack. It goes on after this
            // return.
            calledOn = current;
            return;
        }
        if (!begin()) {
            return;
        }
        Throwable fault = null;
        boolean again;
        do {
            try {
                step.run();
            } catch (Throwable thrown) {
                fault = first(fault, thrown);
            }
            try {
                again = !finish();
            } catch (Throwable thrown) {
                fault = first(fault, thrown);
                again = false;
            }
        } while (again);
        rethrow(fault);
    }

    /** Begins a run if one is requested. */
    private boolean begin() {
        long seen;
        do {
            seen = state;
            if ((seen & SCHEDULED) == 0) {
                return false;
            }
            // Transition: SCHEDULED, with or without WOKEN → RUNNING of the next epoch. Ordering: volatile, pairs
            // with wake: it sees what came before every wake that it serves.
        } while (!STATE.compareAndSet(this, seen, (seen & -EPOCH) + EPOCH + RUNNING));
        return true;
    }

    /** Begins the run that this request names, if no run has begun since. */
    private boolean beginRejected(long request) {
        long running = request - SCHEDULED + EPOCH + RUNNING;
        // Transition: SCHEDULED, with or without WOKEN → RUNNING of the next epoch, but of this request only.
        // Ordering: volatile, as in begin. WOKEN is never cleared without a new epoch, so two attempts are enough.
        return STATE.compareAndSet(this, request, running) || STATE.compareAndSet(this, request | WOKEN, running);
    }

    /**
     * Ends a run. Returns false if the next run has begun on this thread. Throws what the executor threw, if the run
     * that it was asked for has begun all the same.
     */
    private boolean finish() {
        long running = state | WOKEN;
        // Transition: RUNNING → idle. Ordering: volatile, its release half hands this run's effects to the next begin.
        if (STATE.compareAndSet(this, running - WOKEN, running - WOKEN - RUNNING)) {
            return true;
        }
        // Transition: RUNNING | WOKEN → SCHEDULED. Only wakes interfere, and they no longer change
        // anything, so a plain store would do for the value. Ordering: volatile, because it pairs with those wakes.
        long request = running - WOKEN - RUNNING + SCHEDULED;
        STATE.getAndSet(this, request);
        Thread current = Thread.currentThread();
        resubmitter = current;
        try {
            executor.execute(runner);
        } catch (Throwable thrown) {
            wasCalled(current);
            if (beginRejected(request)) {
                return false;
            }
            // A run has begun all the same, in the caller or elsewhere. What was thrown may be that run's fault.
            rethrow(thrown);
        }
        return !(wasCalled(current) && begin());
    }

    /**
     * Returns whether the executor, while it was asked, called run on this thread, and that call left the run to this
     * method's caller. If another thread runs the step and already asks for the next run, the fields may be that
     * thread's and must stay so. Otherwise the executor's call on that thread would run the step further up its stack,
     * each time anew.
     */
    private boolean wasCalled(Thread current) {
        // Transition: own thread → null, both. Ordering: volatile, as all of these fields'.
        RESUBMITTER.compareAndSet(this, current, null);
        return CALLED_ON.compareAndSet(this, current, null);
    }

    /** Returns the first throwable, with a bounded number of the later ones suppressed in it. */
    private static Throwable first(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        try {
            if (first != next && first.getSuppressed().length < MAX_SUPPRESSED) {
                first.addSuppressed(next);
            }
        } catch (OutOfMemoryError noMemory) {
            // The first throwable counts.
        }
        return first;
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown != null) {
            throw Errors.<RuntimeException>asItIs(thrown);
        }
    }
}
