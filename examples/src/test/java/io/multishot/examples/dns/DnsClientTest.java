package io.multishot.examples.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.ProgramRun;
import io.multishot.examples.dns.UdpServer.Query;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client with servers that hold, forge or garble replies. */
@Timeout(120)
class DnsClientTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final int CAPACITY = 64;

    private final Queue<Query> queries = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable each : open) {
            each.close();
        }
        ProgramRun.assertNoThreadIsLeft("dns-client");
    }

    private <R extends AutoCloseable> R opened(R resource) {
        open.add(resource);
        return resource;
    }

    private DnsClient client(InetSocketAddress server, Duration timeout, int capacity) throws IOException {
        return opened(new DnsClient(server, timeout, capacity));
    }

    /** Returns a client of a server that only records its queries. */
    private DnsClient clientOfSilentServer(Duration timeout, int capacity) throws IOException {
        return client(opened(new UdpServer(queries::add)).address(), timeout, capacity);
    }

    private static Receiver<Answer> ask(DnsClient client, int i) {
        Receiver<Answer> receiver = new Receiver<>();
        assertThat(client.ask(Question.addressesOf(Address.name(i)), receiver.sender()))
                .isTrue();
        return receiver;
    }

    private static List<Receiver<Answer>> ask(DnsClient client, int from, int to) {
        List<Receiver<Answer>> receivers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            receivers.add(ask(client, i));
        }
        return receivers;
    }

    private static void assertAnswered(Receiver<Answer> receiver, int i) throws InterruptedException {
        assertThat(receiver.receive().records()).containsExactly(Address.text(i));
    }

    private static void assertTimedOut(Receiver<Answer> receiver) {
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(SenderFailedException.class)
                .hasCauseInstanceOf(RequestTimeoutException.class);
    }

    /** Waits as long as it takes; the timeout of the test ends it. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private List<Query> awaitQueries(int count) throws InterruptedException {
        await(() -> queries.size() >= count);
        return List.copyOf(queries);
    }

    @Test
    void thousandsAreInFlightAndAnsweredInAnyOrder() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, DnsClient.MAX_CAPACITY);
        List<Receiver<Answer>> receivers = new ArrayList<>();
        for (int i = 0; i < 5000; i += 100) { // so many that the server's receive buffer has room for them
            receivers.addAll(ask(client, i, i + 100));
            awaitQueries(i + 100);
        }
        assertThat(client.table.inFlight()).isEqualTo(5000);

        List<Query> shuffled = new ArrayList<>(queries);
        Collections.shuffle(shuffled, new Random(1));
        for (int i = 0; i < 5000; i += 100) {
            shuffled.subList(i, i + 100).forEach(query -> query.reply(query.answer()));
            int left = 4900 - i;
            await(() -> client.table.inFlight() == left);
        }
        for (int i = 0; i < 5000; i++) {
            assertAnswered(receivers.get(i), i);
        }
        assertThat(client.table.refused()).isZero();
    }

    @Test
    void idsAndSocketsAreAtRandom() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, DnsClient.MAX_CAPACITY);
        for (int i = 0; i < 1000; i += 100) {
            ask(client, i, i + 100);
            awaitQueries(i + 100);
        }
        List<Integer> ids = queries.stream().map(Query::id).toList();
        assertThat(new HashSet<>(ids)).hasSize(1000);
        long rises = 0;
        for (int i = 1; i < 1000; i++) {
            rises += ids.get(i) > ids.get(i - 1) ? 1 : 0;
        }
        assertThat(rises).as("neither up nor down").isBetween(400L, 600L);
        Set<SocketAddress> ports =
                new HashSet<>(queries.stream().map(Query::from).toList());
        assertThat(ports).hasSize(8);
    }

    @Test
    void repliesTooLateFreeTheirIdsAndReachNobody() throws Exception {
        DnsClient client = clientOfSilentServer(Duration.ofMillis(500), CAPACITY);
        List<Receiver<Answer>> receivers = ask(client, 0, 10);
        List<Query> late = awaitQueries(10);
        receivers.forEach(DnsClientTest::assertTimedOut);
        assertThat(client.table.inFlight()).isZero();
        int before = client.table.orphans();

        late.forEach(query -> query.reply(query.answer(Address.FORGED)));

        assertThat(before).as("unless they were released already").isIn(0, 10);
        await(() -> client.table.refused() == 10);
        assertThat(client.table.orphans()).isZero();
        receivers.forEach(receiver -> assertThat(receiver.trySender()).isNotNull());
    }

    @Test
    void orphansAreReleasedAfterAWhile() throws Exception {
        DnsClient client = clientOfSilentServer(SHORT, 4);
        List<Receiver<Answer>> receivers = new ArrayList<>();
        for (int i = 0; i < 40; i++) { // ten times as many as there are ids at a time
            receivers.add(askWhenThereIsRoom(client, i));
        }
        receivers.forEach(DnsClientTest::assertTimedOut);
        await(() -> client.table.orphans() == 0);
        assertThat(client.table.refused()).isZero();
    }

    private static Receiver<Answer> askWhenThereIsRoom(DnsClient client, int i) throws InterruptedException {
        Receiver<Answer> receiver = new Receiver<>();
        Sender<Answer> sender = receiver.sender();
        while (!client.ask(Question.addressesOf(Address.name(i)), sender)) {
            CountDownLatch room = new CountDownLatch(1);
            client.onRoom(room::countDown);
            room.await();
        }
        return receiver;
    }

    @Test
    void aFullClientHoldsBackUntilThereIsRoom() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, 4);
        List<Receiver<Answer>> receivers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receivers.add(askWhenThereIsRoom(client, i));
        }
        List<Query> held = awaitQueries(4);
        Receiver<Answer> fifth = new Receiver<>();
        Sender<Answer> sender = fifth.sender();
        assertThat(client.ask(Question.addressesOf(Address.name(4)), sender)).isFalse();
        CountDownLatch room = new CountDownLatch(1);
        client.onRoom(room::countDown);
        assertThat(room.getCount()).isEqualTo(1);

        held.get(2).reply(held.get(2).answer());

        assertThat(room.await(100, TimeUnit.SECONDS)).isTrue();
        await(() -> client.ask(Question.addressesOf(Address.name(4)), sender)); // it may miss the one id that is free
        Query last = awaitQueries(5).get(4);
        last.reply(last.answer());
        assertAnswered(fifth, 4);
        assertAnswered(receivers.get(2), 2);
        assertThat(client.table.inFlight()).isEqualTo(3);
    }

    @Test
    void forgedRepliesAreNotAccepted() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, CAPACITY);
        List<Receiver<Answer>> receivers = ask(client, 0, 40);
        List<Query> all = awaitQueries(40);
        Query asked = all.get(0);
        UdpServer elsewhere = opened(new UdpServer(query -> {}));
        byte[] forged = asked.answer(Address.FORGED);
        SocketAddress otherSocket = all.stream()
                .map(Query::from)
                .filter(from -> !from.equals(asked.from()))
                .findFirst()
                .orElseThrow();

        elsewhere.send(forged, asked.from()); // the system discards it
        asked.server().send(forged, otherSocket);
        asked.reply(all.get(1).withId(asked.id()).answer(Address.FORGED)); // another name
        for (int i : new int[] {2, 4, forged.length - 16 - 3, forged.length - 16 - 1}) { // opcode etc. do not matter
            byte[] changed = forged.clone();
            changed[i] ^= i == 2 ? (byte) 0x80 : 1; // a query; two questions; another type; another class
            asked.reply(changed);
        }
        asked.reply(Arrays.copyOf(forged, 11));
        asked.reply(Arrays.copyOf(forged, 20));
        asked.reply(new byte[0]);
        asked.reply(new byte[12]);
        all.forEach(query -> query.reply(query.answer()));

        for (int i = 0; i < 40; i++) {
            assertAnswered(receivers.get(i), i);
        }
        assertThat(client.table.refused()).isZero();
    }

    @Test
    void aReplyMayChangeTheCaseOfItsQuestion() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, CAPACITY);
        Receiver<Answer> receiver = ask(client, 7);
        Query query = awaitQueries(1).get(0);
        byte[] answer = query.answer();
        answer[13] = 'H';
        query.reply(answer);
        assertAnswered(receiver, 7);
    }

    @Test
    void aReplyThatSaysWhyThereIsNoneFailsTheQuery() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, CAPACITY);
        List<Receiver<Answer>> receivers = ask(client, 0, 5);
        List<Query> all = awaitQueries(5);
        int[] flags = {0x8183, 0x8182, 0x8185, 0x818F, 0x8380};
        for (int i = 0; i < 5; i++) {
            all.get(i).reply(all.get(i).reply(flags[i], 0));
        }
        assertThat(receivers.get(0).receive().records()).isEmpty();
        assertFailed(receivers.get(1), "the server answered SERVFAIL");
        assertFailed(receivers.get(2), "the server answered REFUSED");
        assertFailed(receivers.get(3), "the server answered code 15");
        assertFailed(
                receivers.get(4),
                "the reply was truncated, because it is longer than 1232 bytes: ask the server over TCP");
    }

    private static void assertFailed(Receiver<Answer> receiver, String why) {
        assertThatThrownBy(receiver::receive)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage(why);
    }

    @Test
    void malformedRepliesFailTheirQueriesOnly() throws Exception {
        Random random = new Random(1);
        UdpServer server = opened(new UdpServer(query -> {
            if (Address.of(query.name()) % 2 == 0) {
                query.reply(query.answer());
                return;
            }
            byte[] records = new byte[random.nextInt(60)];
            random.nextBytes(records);
            if (records.length > 10 && random.nextBoolean()) { // an alias: its name is garbage or points anywhere
                records = Query.record(5, records);
                records[12] = (byte) (random.nextBoolean() ? 0xC0 : records[12]);
            }
            query.reply(query.reply(0x8180, 1 + random.nextInt(3), records));
        }));
        DnsClient client = client(server.address(), LONG, CAPACITY);
        int malformed = 0;
        for (int i = 0; i < 4000; i++) {
            Receiver<Answer> receiver = ask(client, i);
            if (i % 2 == 0) {
                assertAnswered(receiver, i);
            } else {
                try {
                    assertThat(receiver.receive()).isNotNull(); // by chance it was well-formed
                } catch (SenderFailedException failed) {
                    assertThat(failed).cause().hasMessageStartingWith("the reply is malformed");
                    malformed++;
                }
            }
        }
        assertThat(malformed).isGreaterThan(1000);
    }

    @Test
    void aNameThatPointsToItselfIsMalformed() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, CAPACITY);
        Receiver<Answer> receiver = ask(client, 0);
        Query query = awaitQueries(1).get(0);
        int target = query.reply(0x8180, 1).length + 12;
        byte[] pointer =
                ByteBuffer.allocate(2).putShort((short) (0xC000 | target)).array();
        query.reply(query.reply(0x8180, 1, Query.record(5, pointer)));
        assertThatThrownBy(receiver::receive).cause().hasMessageContaining("points forward");
    }

    @Test
    void whenNothingListensAllInFlightFailAtOnceAndTheClientGoesOn() throws Exception {
        UdpServer server = new UdpServer(queries::add);
        InetSocketAddress address = server.address();
        DnsClient client = client(address, LONG, CAPACITY);
        List<Receiver<Answer>> receivers = ask(client, 0, 10);
        awaitQueries(10);
        server.close();

        receivers.add(ask(client, 10)); // the system learns from this one that nothing listens

        for (Receiver<Answer> receiver : receivers) {
            assertThatThrownBy(receiver::receive)
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .hasMessage("no answer from " + address + ": nothing listens there")
                    .hasCauseInstanceOf(PortUnreachableException.class);
        }
        assertThat(client.table.inFlight() + client.table.orphans()).isZero();
        opened(new UdpServer(address.getPort(), query -> query.reply(query.answer())));
        assertAnswered(ask(client, 11), 11);
    }

    @Test
    void aClientThatCannotBeMadeLeavesNothingOpen() {
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
                "the system does not count what is open");
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("no.such.host.invalid", 53);
        long before = filesOpen();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> new DnsClient(unknown, LONG, CAPACITY))
                    .isInstanceOf(UnresolvedAddressException.class);
        }
        assertThat(filesOpen()).isLessThan(before + 100);
    }

    private static long filesOpen() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void closingFailsWhatIsInFlight() throws Exception {
        DnsClient client = clientOfSilentServer(LONG, CAPACITY);
        List<Receiver<Answer>> receivers = ask(client, 0, 10);
        awaitQueries(10);
        client.close();
        receivers.forEach(receiver -> assertFailed(receiver, "the DNS client was closed"));
        assertThatThrownBy(() -> ask(client, 0)).isInstanceOf(IllegalStateException.class);
    }
}
