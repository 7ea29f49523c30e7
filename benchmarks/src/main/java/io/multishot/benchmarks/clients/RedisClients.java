package io.multishot.benchmarks.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.examples.redis.RedisClient;
import io.multishot.examples.redis.Reply;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Clients of Redis, whose replies come in the order of the commands. */
public abstract class RedisClients extends ClientState {
    /** For the contenders. */
    protected RedisClients() {
        super(LocalServer.Kind.REDIS);
    }

    /**
     * GET of a value of 16 bytes.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Object redis() throws Exception {
        return ask();
    }

    private static byte[] key(int index) {
        return LocalServer.key(index).getBytes(US_ASCII);
    }

    private static List<List<byte[]>> commands() {
        return IntStream.range(0, LocalServer.KEYS)
                .mapToObj(index -> List.of("GET".getBytes(US_ASCII), key(index)))
                .toList();
    }

    /** The client among the examples. */
    @Contender(value = "multishot ReplyQueue", role = Role.OURS)
    public static class InReplyQueue extends RedisClients {
        private final List<List<byte[]>> commands = commands();
        private List<Receiver<Reply>> receivers = List.of();
        private @Nullable RedisClient client;

        /** For JMH. */
        public InReplyQueue() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            receivers = receivers();
            client = new RedisClient(address, inFlight, TIMEOUT);
            return client;
        }

        @Override
        void send(int index) {
            if (client == null || !client.send(receivers.get(index).sender(), commands.get(index))) {
                throw new IllegalStateException("no room");
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return receivers.get(index).receive();
        }
    }

    /** The same with a new future for each command, in a queue of the JDK. */
    @Contender("the same client, CompletableFuture.orTimeout")
    public static class OnFutures extends RedisClients {
        private final List<List<byte[]>> commands = commands();
        private final List<CompletableFuture<Reply>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, new CompletableFuture<>()));
        private @Nullable RedisOnFutures client;

        /** For JMH. */
        public OnFutures() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            client = new RedisOnFutures(address, TIMEOUT);
            return client;
        }

        @Override
        void send(int index) {
            if (client != null) {
                futures.set(index, client.send(commands.get(index)));
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return futures.get(index).get();
        }
    }

    /** Lettuce as its users have it, with a timeout for each command. */
    @Contender("Lettuce")
    public static class Lettuce extends RedisClients {
        private final List<byte[]> keys =
                IntStream.range(0, LocalServer.KEYS).mapToObj(RedisClients::key).toList();
        private final List<@Nullable RedisFuture<byte[]>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, null));
        private final io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create();
        private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

        /** For JMH. */
        public Lettuce() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) {
            client.setOptions(ClientOptions.builder()
                    .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                    .build());
            connection = client.connect(
                    ByteArrayCodec.INSTANCE, RedisURI.create(address.getHostString(), address.getPort()));
            return () -> client.shutdown(Duration.ZERO, TIMEOUT);
        }

        @Override
        void send(int index) {
            if (connection != null) {
                futures.set(index, connection.async().get(keys.get(index)));
            }
        }

        @Override
        Object receive(int index) throws Exception {
            RedisFuture<byte[]> future = futures.get(index);
            return future == null ? this : future.get();
        }
    }
}
