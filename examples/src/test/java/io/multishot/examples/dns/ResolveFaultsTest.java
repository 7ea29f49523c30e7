package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.examples.ProgramRun;
import io.multishot.examples.Progress;
import io.multishot.examples.dns.UdpServer.Query;
import io.multishot.examples.wire.Lines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lookups over a network that drops, delays, doubles and forges, and with servers that do not reply. */
@Timeout(240)
class ResolveFaultsTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final int ALWAYS = Integer.MAX_VALUE - 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        ProgramRun.assertNoThreadIsLeft("dns-client");
    }

    private Resolve lookUp(DnsClient client, int inFlight, int retries, String names)
            throws IOException, InterruptedException {
        PrintStream problems = new PrintStream(err, true, UTF_8);
        try (Progress progress = new Progress("test", problems);
                Lines lines = new Lines("names", new ByteArrayInputStream(names.getBytes(UTF_8)))) {
            Resolve lookups = new Resolve(InputStream.nullInputStream(), out, problems);
            lookups.retries = retries;
            lookups.lookUp(lines, client, inFlight, progress);
            return lookups;
        }
    }

    private static String names(int count) {
        return String.join("\n", Address.names(count));
    }

    /** The server is one of this test, or dnsmasq. */
    private void noNameGetsTheAddressOfAnother(InetSocketAddress server, int names) throws Exception {
        try (BadNetwork network = new BadNetwork(server, 1);
                DnsClient client = new DnsClient(network.address(), TIMEOUT, DnsClient.MAX_CAPACITY)) {
            Resolve lookups = lookUp(client, 2000, ALWAYS, names(names));

            assertThat(out.toString(UTF_8)).isEqualTo(Address.lines(names));
            assertThat(err.toString(UTF_8)).isEmpty();
            assertThat(lookups.repeated).as("dropped and late ones").isPositive();
            assertThat(client.table.refused()).as("doubled and late ones").isPositive();
            assertThat(network.forged.get()).isPositive();
        }
    }

    @Test
    void noNameGetsTheAddressOfAnother() throws Exception {
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()))) {
            noNameGetsTheAddressOfAnother(server.address(), 4000);
        }
    }

    @Test
    @Tag("unchecked")
    void noNameGetsTheAddressOfAnotherThroughARecycledSender() throws Exception {
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()))) {
            noNameGetsTheAddressOfAnother(server.address(), 20_000);
        }
    }

    @Test
    void noNameGetsTheAddressOfAnotherFromDnsmasq() throws Exception {
        try (Dnsmasq server = Dnsmasq.start()) {
            noNameGetsTheAddressOfAnother(server.address(), 4000);
        }
    }

    @Test
    void aQueryWithoutReplyIsRepeatedUnderAnotherId() throws Exception {
        Map<String, Query> ignored = new ConcurrentHashMap<>();
        Set<String> sameId = ConcurrentHashMap.newKeySet();
        try (UdpServer server = new UdpServer(query -> {
                    Query before = ignored.putIfAbsent(query.name(), query);
                    if (before != null) {
                        if (before.id() == query.id()) {
                            sameId.add(query.name());
                        }
                        query.reply(query.answer());
                    }
                });
                DnsClient client = new DnsClient(server.address(), TIMEOUT, DnsClient.MAX_CAPACITY)) {
            Resolve lookups = lookUp(client, 100, ALWAYS, names(100));
            assertThat(out.toString(UTF_8)).isEqualTo(Address.lines(100));
            assertThat(lookups.repeated).isGreaterThanOrEqualTo(100);
            assertThat(sameId).isEmpty();
        }
    }

    @Test
    void aServerThatStallsCostsSomeQueriesAndIsReported() throws Exception {
        Queue<Query> queries = new ConcurrentLinkedQueue<>();
        try (UdpServer server = new UdpServer(queries::add);
                DnsClient client = new DnsClient(server.address(), Duration.ofMillis(50), 1024)) {
            Resolve lookups = lookUp(client, 10, 2, names(10));
            assertThat(out.toString(UTF_8)).isEmpty();
            assertThat(err.toString(UTF_8))
                    .hasLineCount(10)
                    .startsWith("test: " + Address.name(0) + ": no reply to 3 queries\n");
            assertThat(lookups.failed).isEqualTo(10);
            assertThat(lookups.repeated).isEqualTo(20);
        }
    }

    @Test
    void aFullClientHoldsLookupsBackAndFailsNone() throws Exception {
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()));
                DnsClient client = new DnsClient(server.address(), TIMEOUT, 8)) {
            Resolve lookups = lookUp(client, 100, ALWAYS, names(2000));
            assertThat(out.toString(UTF_8)).isEqualTo(Address.lines(2000));
            assertThat(lookups.failed).isZero();
        }
    }

    @Test
    void orphansOfAServerThatStalledHoldLookupsBackUntilTheyAreReleased() throws Exception {
        Set<String> dropped = ConcurrentHashMap.newKeySet();
        try (UdpServer server = new UdpServer(query -> {
                    if (!dropped.add(query.name())) {
                        query.reply(query.answer());
                    }
                });
                DnsClient client = new DnsClient(server.address(), Duration.ofMillis(100), 8)) {
            lookUp(client, 100, ALWAYS, names(40)); // each needs two ids, and the first is never replied to
            assertThat(out.toString(UTF_8)).isEqualTo(Address.lines(40));
        }
    }
}
