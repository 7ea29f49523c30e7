package io.multishot.examples.redis;

import io.multishot.ReplyQueue;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.wire.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * A connection to a Redis server, with many commands in flight. Any number of threads may send commands.
 *
 * <p>Each command ends: with its reply; with a {@link io.multishot.RequestTimeoutException}, if there was none in time;
 * or with an {@link IOException}, if the connection is lost. If commands run into their timeout, and by then more than
 * half of those that may be in flight were given up and have no reply yet, the client closes the connection.
 *
 * <p>A reply carries no number, so only a reply that no command can have asked for is known to be wrong: it loses the
 * connection. Commands that have no reply, or more than one, must not be sent: {@code SUBSCRIBE}, {@code MONITOR},
 * {@code CLIENT REPLY} and the like.
 */
public final class RedisClient implements AutoCloseable {
    /** An upper bound of the bytes around each argument: a type, a length, and two ends of lines. */
    private static final int FRAME = 1 + 10 + 2 + 2;

    private final ReplyQueue<Reply> queue;
    private final long timeout;
    private final Connection connection;
    private long sent; // commands, guarded by the lock of the connection

    /**
     * Begins to connect. Commands may be sent at once.
     *
     * @param server where the server is
     * @param inFlight the greatest number of commands in flight
     * @param timeout how long a command waits for its reply
     * @throws IOException if the system has no more selectors
     */
    public RedisClient(InetSocketAddress server, int inFlight, Duration timeout) throws IOException {
        this.queue = new ReplyQueue<>(inFlight);
        this.timeout = timeout.toNanos();
        this.connection = new Connection("redis-client", server, new Resp());
        connection.start();
    }

    /**
     * Sends a command. The bytes are copied.
     *
     * @param sender gets the reply; from now on it belongs to this client
     * @param arguments the name of the command and its arguments
     * @return true if the sender will get an outcome, or already has one because the connection is lost; false if as
     *     many commands are in flight as may be: nothing was sent then, and {@link #onRoom} says when to try again
     */
    public boolean send(Sender<Reply> sender, List<byte[]> arguments) {
        int length = FRAME;
        for (byte[] argument : arguments) {
            length = Math.addExact(length, Math.addExact(FRAME, argument.length));
        }
        IOException lost;
        boolean needsWakeup = false;
        // tag::wire-order[]
        synchronized (connection) {
            lost = connection.lost();
            if (lost == null) {
                ByteBuffer output = connection.room(length); // before open, because it may find no memory
                if (!queue.open(sender, System.nanoTime() + timeout)) {
                    return false;
                }
                sent++;
                write(arguments, output);
                needsWakeup = connection.needsWakeup();
            }
        }
        // end::wire-order[]
        // without the lock: the connection's thread needs it, and a failure calls the requester's waker
        if (lost != null) {
            sender.fail(lost);
        } else if (needsWakeup) {
            connection.wakeup();
        }
        return true;
    }

    private static void write(List<byte[]> arguments, ByteBuffer output) {
        writeLine('*', arguments.size(), output);
        for (byte[] argument : arguments) {
            writeLine('$', argument.length, output);
            output.put(argument).put((byte) '\r').put((byte) '\n');
        }
    }

    private static void writeLine(char type, int number, ByteBuffer output) {
        output.put((byte) type);
        writeDigits(number, output);
        output.put((byte) '\r').put((byte) '\n');
    }

    private static void writeDigits(int number, ByteBuffer output) {
        if (number >= 10) {
            writeDigits(number / 10, output);
        }
        output.put((byte) ('0' + number % 10));
    }

    /**
     * Calls a waker once when another command may be sent.
     *
     * @param waker called at once if that is so already, or the connection is lost; otherwise by the connection's
     *     thread
     */
    public void onRoom(Waker waker) {
        synchronized (connection) {
            queue.onRoom(waker);
        }
    }

    /** Closes the connection. Commands in flight fail. */
    @Override
    public void close() {
        connection.close();
    }

    private final class Resp implements Connection.Protocol {
        private final ReplyParser parser = new ReplyParser();
        private long answered;

        @Override
        public void onInput(ByteBuffer input) throws IOException {
            long sentBefore; // no later command can have been answered by what is already here
            synchronized (connection) {
                sentBefore = sent;
            }
            for (Reply reply = parser.next(input); reply != null; reply = parser.next(input)) {
                if (answered++ == sentBefore) {
                    throw new ProtocolException("a reply came to no command");
                }
                queue.send(reply);
            }
        }

        @Override
        // tag::wire-tick[]
        public long onTick(long now) throws IOException {
            if (queue.expire(now) > 0 && queue.orphans() > queue.capacity() / 2) {
                throw new SocketTimeoutException(queue.orphans() + " commands had no reply in time");
            }
            return queue.nanosUntilExpiry(now);
        }
        // end::wire-tick[]

        @Override
        // tag::wire-lost[]
        public void onLost(IOException cause) {
            queue.close(cause);
        }
        // end::wire-lost[]
    }
}
