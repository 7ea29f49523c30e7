package io.multishot.aeron;

import io.aeron.Aeron;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/** Runs an agent of an engine, and tells it when the engine has a new Aeron client. The engine's thread. */
final class ClientFollower implements Agent {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EngineAgent agent;
    private final ClientKeeper keeper;

    /** The client that the agent has. */
    private Aeron aeron;

    /** The client that it has refused last. */
    private Aeron refused;

    private long nextAttempt;

    /** @param aeron the client that the agent was made with, which may have been replaced meanwhile */
    ClientFollower(EngineAgent agent, Aeron aeron, ClientKeeper keeper) {
        this.agent = agent;
        this.aeron = aeron;
        this.keeper = keeper;
        refused = aeron;
    }

    @Override
    public int doWork() throws Exception {
        Aeron current = keeper.aeron();
        if (aeron != current) {
            follow(current);
        }
        return agent.doWork();
    }

    private void follow(Aeron current) {
        long now = System.nanoTime();
        if (current.isClosed() || (refused == current && now - nextAttempt < 0)) {
            return;
        }
        try {
            agent.onNewClient(current);
            aeron = current;
        } catch (AgentTerminationException terminated) {
            throw terminated;
        } catch (Throwable fault) {
            refused = current;
            nextAttempt = now + PAUSE_NANOS;
            keeper.faults.report(agent.roleName() + " cannot use the new Aeron client yet", fault);
        }
    }

    /** Any thread. */
    void onHung() {
        agent.onHung();
    }

    @Override
    public void onClose() {
        agent.onClose();
    }

    @Override
    public String roleName() {
        return agent.roleName();
    }
}
