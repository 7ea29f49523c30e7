package io.multishot.aeron;

import io.aeron.Aeron;
import org.agrona.concurrent.Agent;

/** An agent of an {@link Engine}, which survives that the engine makes a new Aeron client. */
interface EngineAgent extends Agent {
    /** Registers with the new client what the agent had registered with the last one, which is closed. */
    void onNewClient(Aeron aeron);
}
