package io.multishot.benchmarks.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.examples.memcached.MemcachedClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.spy.memcached.BinaryConnectionFactory;
import net.spy.memcached.CachedData;
import net.spy.memcached.internal.GetFuture;
import net.spy.memcached.transcoders.Transcoder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Clients of memcached, whose replies go by number in the binary protocol. */
public abstract class MemcachedClients extends ClientState {
    /** For the contenders. */
    protected MemcachedClients() {
        super(LocalServer.Kind.MEMCACHED);
    }

    /**
     * Get of a value of 16 bytes.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Object memcached() throws Exception {
        return ask();
    }

    private static List<byte[]> keys() {
        return IntStream.range(0, LocalServer.KEYS)
                .mapToObj(index -> LocalServer.key(index).getBytes(US_ASCII))
                .toList();
    }

    /** The client among the examples. */
    @Contender(value = "multishot ReplyTable", role = Role.OURS)
    public static class InReplyTable extends MemcachedClients {
        private final List<byte[]> keys = keys();
        private List<Receiver<byte[]>> receivers = List.of();
        private @Nullable MemcachedClient client;

        /** For JMH. */
        public InReplyTable() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            receivers = receivers();
            client = new MemcachedClient(address, inFlight, TIMEOUT);
            return client;
        }

        @Override
        void send(int index) {
            if (client == null || !client.get(receivers.get(index).sender(), keys.get(index))) {
                throw new IllegalStateException("no room");
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return receivers.get(index).receive();
        }
    }

    /** The same with a new future for each request, in a map of the JDK. */
    @Contender("the same client, CompletableFuture.orTimeout")
    public static class OnFutures extends MemcachedClients {
        private final List<byte[]> keys = keys();
        private final List<CompletableFuture<byte[]>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, new CompletableFuture<>()));
        private @Nullable MemcachedOnFutures client;

        /** For JMH. */
        public OnFutures() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            client = new MemcachedOnFutures(address, TIMEOUT);
            return client;
        }

        @Override
        void send(int index) {
            if (client != null) {
                futures.set(index, client.get(keys.get(index)));
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return futures.get(index).get();
        }
    }

    /** spymemcached with the binary protocol, and no more work for a value than the others have. */
    @Contender("spymemcached")
    public static class Spymemcached extends MemcachedClients {
        private static final Transcoder<byte[]> BYTES = new Bytes();

        private final List<String> keys =
                IntStream.range(0, LocalServer.KEYS).mapToObj(LocalServer::key).toList();
        private final List<@Nullable GetFuture<byte[]>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, null));
        private net.spy.memcached.@Nullable MemcachedClient client;

        /** For JMH. */
        public Spymemcached() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws IOException {
            client = new net.spy.memcached.MemcachedClient(new BinaryConnectionFactory(), List.of(address));
            return client::shutdown;
        }

        @Override
        void send(int index) {
            if (client != null) {
                futures.set(index, client.asyncGet(keys.get(index), BYTES));
            }
        }

        /** Waits as long as the default timeout says, 2.5 seconds. */
        @Override
        Object receive(int index) throws Exception {
            GetFuture<byte[]> future = futures.get(index);
            return future == null ? this : future.get();
        }

        private static final class Bytes implements Transcoder<byte[]> {
            @Override
            public boolean asyncDecode(CachedData data) {
                return false;
            }

            @Override
            public CachedData encode(byte[] bytes) {
                return new CachedData(0, bytes, CachedData.MAX_SIZE);
            }

            @Override
            public byte[] decode(CachedData data) {
                return data.getData();
            }

            @Override
            public int getMaxSize() {
                return CachedData.MAX_SIZE;
            }
        }
    }
}
