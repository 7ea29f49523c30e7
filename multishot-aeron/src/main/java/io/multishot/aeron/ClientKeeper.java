package io.multishot.aeron;

import io.aeron.Aeron;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Aeron client of an engine: runs what has no thread of its own, and replaces a client that has closed
 * itself. The first agent of each engine. Methods without a remark on threads belong to the engine's thread.
 */
final class ClientKeeper implements Agent {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    final Faults faults;
    private final @Nullable AeronClients clients;
    private final Runnable onLostForGood;

    /** Written on the engine's thread. */
    private volatile Aeron aeron;

    private boolean lossReported;
    private long nextAttempt;

    /**
     * @param clients null if the client is the user's; then it cannot be replaced
     * @param onLostForGood called once when a client that cannot be replaced is closed
     */
    ClientKeeper(Aeron aeron, @Nullable AeronClients clients, Faults faults, Runnable onLostForGood) {
        this.aeron = aeron;
        this.clients = clients;
        this.faults = faults;
        this.onLostForGood = onLostForGood;
    }

    /** Returns whether a client that is closed is replaced. Any thread. */
    boolean reconnects() {
        return clients != null;
    }

    /** Returns the current client, which may be closed. Any thread. */
    Aeron aeron() {
        return aeron;
    }

    /** Returns whether the current client is alive. Any thread. */
    boolean isConnected() {
        return !aeron.isClosed();
    }

    @Override
    public int doWork() {
        Aeron current = aeron;
        return current.isClosed() ? replace() : invoke(current);
    }

    /**
     * Runs the conductor of a client, and the driver, if they are in Aeron's invoker mode. Any thread, but for a driver
     * or a client without a lock always the same one.
     */
    static int invoke(Aeron aeron) {
        AgentInvoker driver = aeron.context().driverAgentInvoker();
        AgentInvoker conductor = aeron.conductorAgentInvoker();
        return (driver == null ? 0 : driver.invoke()) + (conductor == null ? 0 : conductor.invoke());
    }

    private int replace() {
        long now = System.nanoTime();
        if (!lossReported) {
            lossReported = true;
            nextAttempt = now;
            reportLoss();
        }
        if (clients == null || now - nextAttempt < 0) {
            return 0;
        }
        nextAttempt = now + PAUSE_NANOS;
        Aeron connected = clients.reconnect();
        if (connected == null) {
            return 0;
        }
        aeron = connected;
        lossReported = false;
        Log.info("a new Aeron client is connected to " + connected.context().aeronDirectoryName());
        return 1;
    }

    private void reportLoss() {
        String client = "the Aeron client of " + aeron.context().aeronDirectoryName() + " is closed: ";
        if (clients == null) {
            Log.warn(client + "make a new one, and an engine with it");
            onLostForGood.run();
        } else {
            Log.warn(client + "the driver is gone, or this process was stalled; a new client follows");
        }
    }

    /** Closes the client and the driver, unless they are the user's. */
    @Override
    public void onClose() {
        if (clients != null) {
            CloseHelper.quietCloseAll(aeron, clients);
        }
    }

    @Override
    public String roleName() {
        return "the Aeron client";
    }
}
