package io.multishot.benchmarks.clients;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.examples.dns.Answer;
import io.multishot.examples.dns.DnsClient;
import io.multishot.examples.dns.Question;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Clients of a DNS server, whose replies go by random numbers of 16 bits. */
public abstract class DnsClients extends ClientState {
    /** For the contenders. */
    protected DnsClients() {
        super(LocalServer.Kind.DNS);
    }

    /**
     * The address of a name, over UDP.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Object dns() throws Exception {
        return ask();
    }

    private static List<Question> questions() {
        return IntStream.range(0, LocalServer.KEYS)
                .mapToObj(index -> Question.addressesOf(LocalServer.name(index)))
                .toList();
    }

    /** The client among the examples. */
    @Contender(value = "multishot ReplyTable", role = Role.OURS)
    public static class InReplyTable extends DnsClients {
        /** More than are in flight, so that a random id is mostly free. */
        private static final int CAPACITY = 4 * LocalServer.KEYS;

        private final List<Question> questions = questions();
        private List<Receiver<Answer>> receivers = List.of();
        private @Nullable DnsClient client;

        /** For JMH. */
        public InReplyTable() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            receivers = receivers();
            client = new DnsClient(address, TIMEOUT, CAPACITY);
            return client;
        }

        @Override
        void send(int index) {
            if (client == null
                    || !client.ask(questions.get(index), receivers.get(index).sender())) {
                throw new IllegalStateException("no room");
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return receivers.get(index).receive();
        }
    }

    /** The same with a new future for each query, in a map of the JDK. */
    @Contender("the same client, CompletableFuture.orTimeout")
    public static class OnFutures extends DnsClients {
        private final List<Question> questions = questions();
        private final List<CompletableFuture<Answer>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, new CompletableFuture<>()));
        private @Nullable DnsOnFutures client;

        /** For JMH. */
        public OnFutures() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) throws Exception {
            client = new DnsOnFutures(address, TIMEOUT);
            return client;
        }

        @Override
        void send(int index) {
            if (client != null) {
                futures.set(index, client.ask(questions.get(index)));
            }
        }

        @Override
        Object receive(int index) throws Exception {
            return futures.get(index).get();
        }
    }

    /** Netty's resolver without caches, asking one server over UDP. */
    @Contender("Netty DnsNameResolver")
    public static class Netty extends DnsClients {
        private final List<String> names =
                IntStream.range(0, LocalServer.KEYS).mapToObj(LocalServer::name).toList();
        private final List<@Nullable Future<InetAddress>> futures =
                new ArrayList<>(Collections.nCopies(LocalServer.KEYS, null));
        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private @Nullable DnsNameResolver resolver;

        /** For JMH. */
        public Netty() {}

        @Override
        AutoCloseable connect(InetSocketAddress address) {
            DnsNameResolver opened = new DnsNameResolverBuilder(group.next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider(address))
                    .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                    .searchDomains(List.of())
                    .resolveCache(NoopDnsCache.INSTANCE)
                    .cnameCache(NoopDnsCnameCache.INSTANCE)
                    .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                    .queryTimeoutMillis(TIMEOUT.toMillis())
                    .build();
            resolver = opened;
            return () -> {
                opened.close();
                group.shutdownGracefully(0, TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                        .syncUninterruptibly();
            };
        }

        @Override
        void send(int index) {
            if (resolver != null) {
                futures.set(index, resolver.resolve(names.get(index)));
            }
        }

        @Override
        Object receive(int index) throws Exception {
            Future<InetAddress> future = futures.get(index);
            return future == null ? this : future.get();
        }
    }
}
