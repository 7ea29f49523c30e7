package io.multishot.benchmarks.clients;

import io.multishot.examples.memcached.MemcachedClient;
import io.multishot.examples.wire.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The memcached client among the examples, as it would be without this library: no more than gets. */
final class MemcachedOnFutures implements Connection.Protocol, AutoCloseable {
    private static final int HEADER = 24;
    private static final byte REQUEST = (byte) 0x80;
    private static final byte REPLY = (byte) 0x81;
    private static final byte GET_WITH_KEY = 0x0c;

    private final Map<Integer, Request> requests = new ConcurrentHashMap<>();
    private final long timeout;
    private final Connection connection;
    private int last; // guarded by the lock of the connection

    MemcachedOnFutures(InetSocketAddress server, Duration timeout) throws IOException {
        this.timeout = timeout.toNanos();
        this.connection = new Connection("memcached-on-futures", server, this);
        connection.start();
    }

    private final class Request extends CompletableFuture<byte[]> {
        private final byte[] key;
        private int number;

        Request(byte[] key) {
            this.key = key;
        }

        /** Called if the time is up, too. */
        @Override
        public boolean completeExceptionally(Throwable failure) {
            requests.remove(number, this);
            return super.completeExceptionally(failure);
        }
    }

    CompletableFuture<byte[]> get(byte[] key) {
        Request request = new Request(key);
        boolean needsWakeup;
        synchronized (connection) {
            IOException lost = connection.lost();
            if (lost != null) {
                request.completeExceptionally(lost);
                return request;
            }
            ByteBuffer output = connection.room(HEADER + key.length);
            request.number = ++last;
            requests.put(request.number, request);
            output.put(REQUEST).put(GET_WITH_KEY).putShort((short) key.length);
            output.put((byte) 0).put((byte) 0).putShort((short) 0);
            output.putInt(key.length).putInt(request.number).putLong(0);
            output.put(key);
            needsWakeup = connection.needsWakeup();
        }
        if (needsWakeup) {
            connection.wakeup();
        }
        return request.orTimeout(timeout, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onInput(ByteBuffer input) throws IOException {
        while (input.remaining() >= HEADER) {
            int start = input.position();
            int length = HEADER + input.getInt(start + 8);
            if (input.get(start) != REPLY || length < HEADER) {
                throw new ProtocolException("the server sent what is no reply of the binary protocol");
            }
            if (input.remaining() < length) {
                return;
            }
            Request request = requests.remove(input.getInt(start + 12));
            if (request != null) {
                reply(request, input, start, start + length);
            }
            input.position(start + length);
        }
    }

    private static void reply(Request request, ByteBuffer input, int start, int end) throws IOException {
        int keyStart = start + HEADER + Byte.toUnsignedInt(input.get(start + 4));
        int valueStart = keyStart + Short.toUnsignedInt(input.getShort(start + 2));
        if (input.get(start + 1) != GET_WITH_KEY
                || valueStart > end
                || !ByteBuffer.wrap(request.key).equals(input.slice(keyStart, valueStart - keyStart))) {
            throw new ProtocolException("a reply has another key than the request with its number");
        }
        if (input.getShort(start + 6) == 0) {
            byte[] value = new byte[end - valueStart];
            input.get(valueStart, value);
            request.complete(value);
        } else {
            request.complete(MemcachedClient.MISSING);
        }
    }

    @Override
    public long onTick(long now) {
        return Long.MAX_VALUE; // the futures have timers
    }

    @Override
    public void onLost(IOException cause) {
        requests.values().forEach(request -> request.completeExceptionally(cause));
    }

    @Override
    public void close() {
        connection.close();
    }
}
