package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous task on any executor, for code that polls: each {@link #wake()} makes sure that the step runs once
 * more.
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
 * <p><b>Coalescing.</b> The step runs once for any number of wakes before it; wakes that arrive during a run coalesce
 * into one more, which is handed to the executor anew so that other work gets its turn.
 *
 * <p><b>Memory effects.</b> Everything before a wake, coalesced or not, happens-before the run that follows; and each
 * run happens-before the next.
 *
 * <p><b>One at a time.</b> The step never runs concurrently with itself, nor inside itself, also on an executor that
 * runs in the caller.
 *
 * <p><b>Faults.</b> A step that throws surfaces in its executor, and the task can be woken again; a wake that came
 * during the run that threw is served. If the executor rejects, {@link #wake()} throws what it threw; see there. If it
 * rejects the run for wakes that came during a run, that run happens at once on the same thread, for those who woke
 * were not told. So a step that wakes itself for ever does not end when its executor is shut down: let it look at a
 * flag of yours. An executor that discards what it was given, without a word, leaves the task waiting for its run for
 * ever.
 */
public final class Task implements Waker {
    /*
     * The state is an epoch and three flags:
     *
     *   flags                  meaning
     *   0                      idle
     *   SCHEDULED              the executor has been, or is being, asked for a run
     *   SCHEDULED | WOKEN      the same, and others than the one who asks have woken meanwhile
     *   RUNNING                the step runs
     *   RUNNING | WOKEN        the step runs, and has been woken meanwhile
     *
     * The epoch grows when a run begins and when a request for one is taken back. So (epoch, SCHEDULED) names one request,
     * and whoever's execute failed takes back his own request or none: the executor may have run the step in the caller
     * before it threw, and others may have asked for the next run since.
     *
     * A call of run is never taken for a proof that it was asked for: it begins the step only if it moves the state from
     * SCHEDULED to RUNNING, and a surplus call does nothing. So an executor that throws and runs all the same does no harm.
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
     * The thread that is asking for the run after its own, until it knows whether the executor runs that right there.
     */
    private volatile @Nullable Thread resubmitter;

    /** The resubmitter that has been called meanwhile: the executor runs in the caller. */
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
     * Makes sure that the step runs once more, after everything that came before this call. Any thread, the step
     * included. Lock-free, one atomic read-modify-write at least; in addition one {@link Executor#execute} if no run is
     * scheduled or under way.
     *
     * <p>If the executor rejects, this throws what it threw, of any type. Then the next wake tries anew. Before it
     * throws, if others woke meanwhile, relying on this call, the executor is asked again on their behalf, as long as
     * others do; if it rejects that as well, the next wake serves them all.
     */
    @Override
    public void wake() {
        long seen;
        long next;
        do {
            seen = state;
            next = (seen & FLAGS) == 0 ? seen | SCHEDULED : seen | WOKEN;
            // Transition: idle → SCHEDULED, else | WOKEN, also when that changes nothing: only a write can publish
            // what came before this wake. Ordering: volatile, pairs with begin and with finish.
        } while (!STATE.compareAndSet(this, seen, next));
        if ((seen & FLAGS) == 0) {
            submit(next);
        }
    }

    /** Asks the executor for the run that this request names, and again for those who woke while it was rejecting. */
    private void submit(long request) {
        Throwable rejection = null;
        do {
            try {
                executor.execute(runner);
                request = NONE;
            } catch (Throwable thrown) {
                rejection = first(rejection, thrown);
                request = takeBack(request);
            }
        } while (request != NONE);
        rethrow(rejection);
    }

    /**
     * Takes back a request that the executor rejected. Returns a new request if others woke meanwhile; else
     * {@link #NONE}, also if a run has begun: the one that was asked for, and then it has served the request.
     */
    private long takeBack(long request) {
        // Transition: SCHEDULED → idle of the next epoch. Ordering: volatile, hands on what earlier wakes
        // published.
        if (STATE.compareAndSet(this, request, request - SCHEDULED + EPOCH)) {
            return NONE;
        }
        // Transition: SCHEDULED | WOKEN → SCHEDULED of the next epoch. WOKEN never goes away without a new epoch,
        // so the two attempts are enough. Ordering: volatile, as above.
        return STATE.compareAndSet(this, request | WOKEN, request + EPOCH) ? request + EPOCH : NONE;
    }

    /** What the executor runs. */
    private void run() {
        Thread current = Thread.currentThread();
        if (resubmitter == current) {
            // The executor runs in the caller, which is finish, further down on this stack. It goes on when we
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

    /** Begins a run if one is asked for. */
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

    /** Begins the run that this request asks for, if no run has begun since. */
    private boolean beginRejected(long request) {
        long running = request - SCHEDULED + EPOCH + RUNNING;
        // Transition: SCHEDULED, with or without WOKEN → RUNNING of the next epoch, but of this request only.
        // Ordering: volatile, as in begin. WOKEN never goes away without a new epoch, so the two attempts are
        // enough.
        return STATE.compareAndSet(this, request, running) || STATE.compareAndSet(this, request | WOKEN, running);
    }

    /**
     * Ends a run. Returns false if the next one has begun, on this thread. Throws what the executor threw to no end.
     */
    private boolean finish() {
        long running = state | WOKEN;
        // Transition: RUNNING → idle. Ordering: volatile, its release half hands this run's effects to the next
        // begin.
        if (STATE.compareAndSet(this, running - WOKEN, running - WOKEN - RUNNING)) {
            return true;
        }
        // Transition: RUNNING | WOKEN → SCHEDULED. Only wakes interfere, and they change nothing any more, so a
        // plain write would do for the value. Ordering: volatile, because it pairs with those wakes.
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
     * Whether the executor has called run on this thread while it was asked, and that left the run to us. If another
     * thread runs it, and asks for the next one already, the fields may be that thread's, and must stay so: else the
     * executor's call on that thread would run the step further up its stack, each time anew.
     */
    private boolean wasCalled(Thread current) {
        // Transition: own thread → null, both. Ordering: volatile, as all of these fields'.
        RESUBMITTER.compareAndSet(this, current, null);
        return CALLED_ON.compareAndSet(this, current, null);
    }

    /** The first throwable, with some of the later ones; not all, for there is no end to what a task can be asked. */
    private static Throwable first(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next && first.getSuppressed().length < MAX_SUPPRESSED) {
            first.addSuppressed(next);
        }
        return first;
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown != null) {
            throw Errors.<RuntimeException>asItIs(thrown);
        }
    }
}
