package io.multishot.aeron;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The connections and responders of one engine, by their addresses. */
final class EngineEndpoints {
    private final Engine engine;

    /** Guarded by the lock of this object, as {@link #users}. */
    private final Map<Connection.Key, Connection> connections = new HashMap<>();

    /** How many requesters use each connection. */
    private final Map<Connection, Integer> users = new HashMap<>();

    private final Set<String> responders = new HashSet<>();

    EngineEndpoints(Engine engine) {
        this.engine = engine;
    }

    /**
     * Returns the connection for these settings, which {@link #release} is to be called for; a new one if there is
     * none.
     */
    synchronized Connection acquire(Connection.Key key) {
        Connection connection = connections.get(key);
        if (connection == null) {
            connection = new Connection(engine, key);
            try {
                engine.add(connection, connection.aeron);
            } catch (IllegalStateException engineClosed) {
                connection.discard();
                throw engineClosed;
            }
            connections.put(key, connection);
        }
        users.merge(connection, 1, Integer::sum);
        return connection;
    }

    /** Closes a connection that nobody uses any more. */
    synchronized void release(Connection connection) {
        if (users.merge(connection, -1, (all, one) -> all + one == 0 ? null : all + one) == null) {
            forget(connection);
            connection.close();
        }
    }

    /** Gives this connection to nobody else: it is closed. */
    synchronized void forget(Connection connection) {
        connections.remove(connection.key, connection);
    }

    /**
     * Registers a responder.
     *
     * @throws IllegalStateException if the engine has one with this address
     */
    synchronized void addResponder(String channel, int stream) {
        if (!responders.add(address(channel, stream))) {
            throw new IllegalStateException("this engine has a responder at " + channel + ", stream " + stream
                    + ": close it first, or give this one another stream");
        }
    }

    synchronized void removeResponder(String channel, int stream) {
        responders.remove(address(channel, stream));
    }

    private static String address(String channel, int stream) {
        return ReplyChannel.endpoint(channel) + " " + stream;
    }
}
