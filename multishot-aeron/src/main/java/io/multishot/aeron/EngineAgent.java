package io.multishot.aeron;

import io.aeron.Aeron;
import org.agrona.concurrent.Agent;

/**
 * What an {@link Engine} runs for a requester or a responder. All methods are called on the engine's thread, except
 * {@link #onHung}.
 */
interface EngineAgent extends Agent {
    /**
     * Tells that the Aeron client has closed itself, with everything that was made with it, and that the engine has
     * connected a new one. Between the two this agent runs as before.
     *
     * @param aeron the new client
     * @throws org.agrona.concurrent.AgentTerminationException to be removed and closed. After any other exception this
     *     is called again after a pause, or with the next client
     */
    void onNewClient(Aeron aeron);

    /**
     * Tells that the engine is closed, but its thread hangs, so that {@link #onClose} may never be called. Called by
     * the thread that closes the engine, concurrently with the other methods: ends what any thread can end.
     */
    default void onHung() {}
}
