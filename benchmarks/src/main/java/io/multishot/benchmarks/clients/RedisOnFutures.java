package io.multishot.benchmarks.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.multishot.examples.redis.Reply;
import io.multishot.examples.redis.ReplyParser;
import io.multishot.examples.wire.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The Redis client among the examples, as it would be without this library. */
final class RedisOnFutures implements Connection.Protocol, AutoCloseable {
    private static final int FRAME = 1 + 10 + 2 + 2;

    private final Queue<CompletableFuture<Reply>> queue = new ConcurrentLinkedQueue<>();
    private final ReplyParser parser = new ReplyParser();
    private final long timeout;
    private final Connection connection;

    RedisOnFutures(InetSocketAddress server, Duration timeout) throws IOException {
        this.timeout = timeout.toNanos();
        this.connection = new Connection("redis-on-futures", server, this);
        connection.start();
    }

    CompletableFuture<Reply> send(List<byte[]> arguments) {
        int length = FRAME;
        for (byte[] argument : arguments) {
            length += FRAME + argument.length;
        }
        CompletableFuture<Reply> future = new CompletableFuture<Reply>().orTimeout(timeout, TimeUnit.NANOSECONDS);
        boolean needsWakeup;
        synchronized (connection) {
            IOException lost = connection.lost();
            if (lost != null) {
                future.completeExceptionally(lost);
                return future;
            }
            ByteBuffer output = connection.room(length);
            queue.add(future);
            writeLine('*', arguments.size(), output);
            for (byte[] argument : arguments) {
                writeLine('$', argument.length, output);
                output.put(argument).put((byte) '\r').put((byte) '\n');
            }
            needsWakeup = connection.needsWakeup();
        }
        if (needsWakeup) {
            connection.wakeup();
        }
        return future;
    }

    private static void writeLine(char type, int number, ByteBuffer output) {
        output.put((byte) type);
        if (number < 10) {
            output.put((byte) ('0' + number));
        } else {
            output.put(Integer.toString(number).getBytes(US_ASCII));
        }
        output.put((byte) '\r').put((byte) '\n');
    }

    @Override
    public void onInput(ByteBuffer input) throws IOException {
        for (Reply reply = parser.next(input); reply != null; reply = parser.next(input)) {
            CompletableFuture<Reply> future = queue.poll();
            if (future == null) {
                throw new ProtocolException("a reply came to no command");
            }
            future.complete(reply);
        }
    }

    @Override
    public long onTick(long now) {
        return Long.MAX_VALUE; // the futures have timers
    }

    @Override
    public void onLost(IOException cause) {
        queue.forEach(future -> future.completeExceptionally(cause));
    }

    @Override
    public void close() {
        connection.close();
    }
}
