package io.multishot.aeron;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Runs the agents of an {@link Engine} one after the other. An agent is removed and closed when it throws an
 * {@link AgentTerminationException}; any other exception is reported, and the agent runs again in the next cycle.
 */
final class DutyCycle implements Runnable {
    /*
     * Agrona's own classes for this cannot be used here:
     *
     * - DynamicCompositeAgent has room for one agent that waits to be added. A second open() within a handler, or
     *   before work() is called on an engine without a thread, would wait for a cycle that only its own thread can run.
     *   And one agent that terminates ends all the others.
     * - AgentRunner leaves its loop when its thread is interrupted while idle, so a handler that leaves the interrupt
     *   flag set, or leaks the thread, would stop the engine. Its close() deadlocks on the agent's own thread, where
     *   handlers call Engine.close(), and does not wait if another thread has called it before.
     * - AgentInvoker allows a handler to call invoke() again, and a poll inside a poll delivers messages twice. Its
     *   close(), called by a handler, releases what the rest of the cycle still uses; and it closes the agent when the
     *   caller's thread is interrupted.
     */

    private static final Agent[] NO_AGENTS = {};
    private static final long FAULT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IdleStrategy idleStrategy;
    private final Faults faults;

    /** Copied on write, under the lock of this object. */
    private volatile Agent[] agents = NO_AGENTS;

    private volatile boolean stopped;

    /**
     * The thread that runs the cycles, stored only when it is another one, since a store of a reference costs more.
     * Published by the store to {@link #inCycle}.
     */
    private @Nullable Thread worker;

    /**
     * Whether a cycle is in progress. A thread always sees its own store, so re-entry is detected for certain; a
     * misplaced call on another thread is detected as soon as the store becomes visible there. Release and acquire: who
     * sees it set by a thread sees that thread in {@link #worker}, too.
     */
    private final AtomicBoolean inCycle = new AtomicBoolean();

    /** Counts the cycles, so that others see whether they make progress. Written opaquely, as the next three are. */
    private final AtomicLong cycles = new AtomicLong();

    /** The agents of this cycle, or of the last one. Stored only when they are others. */
    private final AtomicReference<Agent[]> working = new AtomicReference<>(NO_AGENTS);

    /** Which of these works, or was the last one that did. */
    private final AtomicInteger current = new AtomicInteger();

    /** The agent that is being closed; else null. */
    private final AtomicReference<@Nullable Agent> closing = new AtomicReference<>();

    /** Accessed by the thread that runs the cycles only. */
    private long nextFaultReport = System.nanoTime();

    DutyCycle(IdleStrategy idleStrategy, Faults faults) {
        this.idleStrategy = idleStrategy;
        this.faults = faults;
    }

    /** Adds an agent, which this closes from now on. */
    synchronized void add(Agent agent) {
        checkRunning();
        Agent[] copy = Arrays.copyOf(agents, agents.length + 1);
        copy[agents.length] = agent;
        agents = copy;
    }

    private synchronized void remove(Agent agent) {
        agents = Arrays.stream(agents).filter(each -> each != agent).toArray(Agent[]::new);
    }

    void checkRunning() {
        if (stopped) {
            throw new IllegalStateException("this engine is closed: make a new one");
        }
    }

    /**
     * Ends {@link #run()} after the agent that is working now, and refuses further agents. Returns false if it was
     * stopped before.
     */
    synchronized boolean stop() {
        boolean first = !stopped;
        stopped = true;
        return first;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Returns the number of the last cycle. Any thread. */
    long cycle() {
        return cycles.getOpaque();
    }

    /** Returns whether a cycle is in progress. Any thread. */
    boolean isInCycle() {
        return inCycle.getAcquire();
    }

    /** Returns the role of the agent that works or is being closed, or of the last one that worked. Any thread. */
    String currentRole() {
        Agent agent = closing.getOpaque();
        if (agent == null) {
            Agent[] all = working.getOpaque();
            int index = current.getOpaque();
            agent = index < all.length ? all[index] : null;
        }
        return agent == null ? "no agent" : agent.roleName();
    }

    /** Calls an action for each agent. Any thread. */
    void forEachAgent(Consumer<Agent> action) {
        for (Agent each : agents) {
            action.accept(each);
        }
    }

    /** Returns true if the calling thread is in a cycle, as handlers and wakers are. */
    boolean isOnThisThread() {
        return inCycle.getAcquire() && worker == Thread.currentThread();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                idleStrategy.idle(doWork());
                Thread.interrupted(); // a handler may have left the flag set, which would keep idling from parking
            }
        } finally {
            stopped = true; // if the idle strategy throws
        }
    }

    /**
     * Runs one cycle.
     *
     * @throws IllegalStateException if a cycle is in progress
     */
    int doWork() {
        if (inCycle.getAcquire()) {
            throw new IllegalStateException("this engine is already at work "
                    + (isOnThisThread()
                            ? "on this thread: a handler or waker must not call work()"
                            : "on another thread"));
        }
        Thread thread = Thread.currentThread();
        if (worker != thread) {
            worker = thread;
        }
        inCycle.setRelease(true);
        cycles.setOpaque(cycles.getPlain() + 1);
        try {
            Agent[] all = agents;
            if (working.getPlain() != all) {
                working.setOpaque(all);
            }
            int workCount = 0;
            for (int i = 0; i < all.length && !stopped; i++) {
                current.setOpaque(i);
                workCount += doWork(all[i]);
            }
            return workCount;
        } finally {
            inCycle.setRelease(false);
        }
    }

    private int doWork(Agent agent) {
        try {
            return agent.doWork();
        } catch (AgentTerminationException terminated) {
            remove(agent);
            close(agent);
        } catch (Throwable fault) {
            reportOncePerInterval(agent, fault);
        }
        return 0;
    }

    /** Limits what one fault in each cycle can report. */
    private void reportOncePerInterval(Agent agent, Throwable fault) {
        long now = System.nanoTime();
        if (now - nextFaultReport >= 0) {
            nextFaultReport = now + FAULT_INTERVAL_NANOS;
            faults.report(agent.roleName() + " continues after a fault", fault);
        }
    }

    /** Closes all agents, after the last cycle: the last first, since it may need the others. */
    void closeAgents() {
        Agent[] remaining = agents;
        for (int i = remaining.length - 1; i >= 0; i--) {
            close(remaining[i]);
        }
        agents = NO_AGENTS;
    }

    private void close(Agent agent) {
        closing.setOpaque(agent);
        try {
            agent.onClose();
        } catch (Throwable fault) {
            faults.report("closing " + agent.roleName(), fault);
        }
        closing.setOpaque(null);
    }
}
