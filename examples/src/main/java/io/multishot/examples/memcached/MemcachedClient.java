package io.multishot.examples.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.wire.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection to memcached, with many requests in flight. Any number of threads may make requests.
 *
 * <p>Each request ends: with its reply; with a {@link MemcachedException}, if the server refuses it; with a
 * {@link io.multishot.RequestTimeoutException}, if there was no reply in time; or with an {@link IOException}, if the
 * connection is lost. A reply that is late, or comes twice, is refused and counted. If requests run into their timeout,
 * and by then more than half of those that may be in flight were given up and have no reply yet, the client closes the
 * connection. So it does if the server breaks the protocol, as by a reply whose key is not the one that was asked for.
 */
public final class MemcachedClient implements AutoCloseable {
    /** The reply to a get, this very array, if the server does not have the key. */
    public static final byte[] MISSING = new byte[0];

    /** The reply to a set, when the server has the value. */
    public static final byte[] STORED = new byte[0];

    private static final int TICKET_BITS = 32;
    private static final int LONGEST_KEY = 250;
    private static final int HEADER = 24;
    private static final byte REQUEST = (byte) 0x80;
    private static final byte REPLY = (byte) 0x81;
    private static final byte SET = 0x01;
    private static final byte GET_WITH_KEY = 0x0c;
    private static final int SET_EXTRAS = 8; // flags and expiration
    private static final byte[] NO_VALUE = new byte[0];
    private static final int SUCCESS = 0x0000;
    private static final int NOT_FOUND = 0x0001;
    private static final int LONGEST_REPLY = 1 << 30;

    private final ReplyTable<byte[]> table;
    private final long timeout;
    private final Connection connection;

    /**
     * Begins to connect. Requests may be made at once.
     *
     * @param server where the server is
     * @param inFlight the greatest number of requests in flight
     * @param timeout how long a request waits for its reply
     * @throws IOException if the system has no more selectors
     */
    public MemcachedClient(InetSocketAddress server, int inFlight, Duration timeout) throws IOException {
        this.table = ReplyTable.ofBits(TICKET_BITS, inFlight);
        this.timeout = timeout.toNanos();
        this.connection = new Connection("memcached-client", server, new Binary());
        connection.start();
    }

    /** Returns whether memcached can have this key. */
    static boolean isKey(byte[] key) {
        return key.length > 0 && key.length <= LONGEST_KEY;
    }

    static String whyNoKey(byte[] key) {
        return "a key has 1 to " + LONGEST_KEY + " bytes, this one has " + key.length + ": use another key";
    }

    /**
     * Stores a value, without flags and until the server needs the room.
     *
     * @param sender gets {@link #STORED}
     * @param key the key, which must not be changed before the request has ended
     * @param value the value, which is copied
     * @return true if the sender will get an outcome, or already has one because the connection is lost; false if as
     *     many requests are in flight as may be: nothing was sent then, and {@link #onRoom} says when to try again
     * @throws IllegalArgumentException if the key is empty or too long
     */
    public boolean set(Sender<byte[]> sender, byte[] key, byte[] value) {
        return request(sender, SET, STORED, SET_EXTRAS, key, value);
    }

    /**
     * Asks for a value.
     *
     * @param sender gets the value, or {@link #MISSING}
     * @param key the key, which must not be changed before the request has ended
     * @return true if the sender will get an outcome, as for {@link #set}; false if there is no room
     * @throws IllegalArgumentException if the key is empty or too long
     */
    public boolean get(Sender<byte[]> sender, byte[] key) {
        return request(sender, GET_WITH_KEY, key, 0, key, NO_VALUE);
    }

    /** Makes a request, whose context tells what its reply must be: {@link #STORED}, or one that repeats this key. */
    private boolean request(
            Sender<byte[]> sender, byte operation, Object context, int extras, byte[] key, byte[] value) {
        if (!isKey(key)) {
            throw new IllegalArgumentException(whyNoKey(key));
        }
        int body = Math.addExact(extras + key.length, value.length);
        IOException lost;
        boolean needsWakeup = false;
        synchronized (connection) {
            lost = connection.lost();
            if (lost == null) {
                ByteBuffer output = connection.room(Math.addExact(HEADER, body)); // may find no memory: before open
                // tag::wire-open[]
                long ticket = table.open(sender, context, System.nanoTime() + timeout);
                if (ticket == ReplyTable.NO_TICKET) {
                    return false;
                }
                // end::wire-open[]
                output.put(REQUEST).put(operation).putShort((short) key.length);
                output.put((byte) extras).put((byte) 0).putShort((short) 0);
                output.putInt(body).putInt((int) ticket).putLong(0);
                for (int i = 0; i < extras; i++) {
                    output.put((byte) 0);
                }
                output.put(key).put(value);
                needsWakeup = connection.needsWakeup();
            }
        }
        // without the lock: the connection's thread needs it, and a failure calls the requester's waker
        if (lost != null) {
            sender.fail(lost);
        } else if (needsWakeup) {
            connection.wakeup();
        }
        return true;
    }

    /**
     * Calls a waker once when another request may be made.
     *
     * @param waker called at once if that is so already, or the connection is lost; otherwise by the connection's
     *     thread
     */
    public void onRoom(Waker waker) {
        table.onRoom(waker);
    }

    /**
     * Returns how many replies were refused.
     *
     * @return the number of replies that were late, came twice, or had a number that no request has
     */
    public long refused() {
        return table.refused();
    }

    /** Closes the connection. Requests in flight fail. */
    @Override
    public void close() {
        connection.close();
    }

    private final class Binary implements Connection.Protocol {
        @Override
        public void onInput(ByteBuffer input) throws IOException {
            while (input.remaining() >= HEADER) {
                int start = input.position();
                long length = HEADER + Integer.toUnsignedLong(input.getInt(start + 8));
                if (input.get(start) != REPLY || length > LONGEST_REPLY) {
                    throw new ProtocolException("the server sent what is no reply of the binary protocol");
                }
                if (input.remaining() < length) {
                    return;
                }
                int end = start + (int) length;
                onReply(input, start, end);
                input.position(end);
            }
        }

        private void onReply(ByteBuffer input, int start, int end) throws IOException {
            byte operation = input.get(start + 1);
            int keyLength = Short.toUnsignedInt(input.getShort(start + 2));
            int keyStart = start + HEADER + Byte.toUnsignedInt(input.get(start + 4));
            int valueStart = keyStart + keyLength;
            int status = Short.toUnsignedInt(input.getShort(start + 6));
            long ticket = Integer.toUnsignedLong(input.getInt(start + 12));
            if (valueStart > end) {
                throw new ProtocolException("a reply is shorter than its parts");
            }
            if (status != SUCCESS && status != NOT_FOUND) {
                String reason = new String(bytes(input, valueStart, end), UTF_8);
                table.fail(ticket, new MemcachedException(status, reason));
                return;
            }
            // tag::wire-context[]
            Object context = table.context(ticket); // null if nobody waits: then the table refuses the reply
            if (context == STORED ? operation != SET : context != null && operation != GET_WITH_KEY) {
                throw new ProtocolException("a reply is of another operation than the request with its number");
            }
            if (context instanceof byte[] key && key != STORED && !isAt(key, input, keyStart, valueStart)) {
                throw new ProtocolException("a reply has another key than the request with its number");
            }
            // end::wire-context[]
            if (status == NOT_FOUND) {
                table.send(ticket, MISSING);
            } else {
                table.send(ticket, operation == SET ? STORED : bytes(input, valueStart, end));
            }
        }

        private static boolean isAt(byte[] key, ByteBuffer input, int start, int end) {
            return ByteBuffer.wrap(key).equals(input.slice(start, end - start));
        }

        private static byte[] bytes(ByteBuffer input, int start, int end) {
            byte[] bytes = new byte[end - start];
            input.get(start, bytes);
            return bytes;
        }

        @Override
        public long onTick(long now) throws IOException {
            if (table.expire(now) > 0 && table.orphans() > table.capacity() / 2) {
                throw new SocketTimeoutException(table.orphans() + " requests had no reply in time");
            }
            return table.nanosUntilExpiry(now);
        }

        @Override
        public void onLost(IOException cause) {
            table.close(cause);
        }
    }
}
