package io.multishot.examples.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.ProgramRun;
import io.multishot.examples.wire.Requesters;
import io.multishot.examples.wire.ServerProcess;
import io.multishot.examples.wire.TcpProxy;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client with a real server, directly or through a proxy that interferes with the replies. */
class MemcachedClientTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int HEADER = 24;
    private static final int OPAQUE = 12;

    private static ServerProcess memcached;

    @BeforeAll
    static void start() throws Exception {
        memcached = ServerProcess.memcached();
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 1, LONG)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(set(client, "key" + i, "value" + i).receive()).isSameAs(MemcachedClient.STORED);
            }
        }
    }

    @AfterAll
    static void stop() {
        if (memcached != null) {
            memcached.close();
        }
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        ProgramRun.assertNoThreadIsLeft("memcached-client");
    }

    private static Receiver<byte[]> set(MemcachedClient client, String key, String value) {
        Receiver<byte[]> receiver = Receiver.recycling();
        assertThat(client.set(receiver.sender(), key.getBytes(UTF_8), value.getBytes(UTF_8)))
                .isTrue();
        return receiver;
    }

    private static Receiver<byte[]> get(MemcachedClient client, String key) {
        Receiver<byte[]> receiver = Receiver.recycling();
        assertThat(client.get(receiver.sender(), key.getBytes(UTF_8))).isTrue();
        return receiver;
    }

    private static byte[] readReply(DataInputStream server) throws IOException {
        byte[] header = new byte[HEADER];
        server.readFully(header);
        byte[] reply = new byte[HEADER + ByteBuffer.wrap(header).getInt(8)];
        System.arraycopy(header, 0, reply, 0, HEADER);
        server.readFully(reply, HEADER, reply.length - HEADER);
        return reply;
    }

    private static TcpProxy proxy(TcpProxy.Fate fate) throws IOException {
        return new TcpProxy(memcached.address(), MemcachedClientTest::readReply, fate);
    }

    @Test
    void manyThreadsGetTheirOwnReplies() throws Exception {
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 16, LONG)) {
            Requesters.run(4, thread -> {
                for (int n = 0; n < 1_000; n++) {
                    String key = thread + ":" + n;
                    assertThat(set(client, key, "value " + key).receive()).isSameAs(MemcachedClient.STORED);
                    assertThat(new String(get(client, key).receive(), UTF_8)).isEqualTo("value " + key);
                }
            });
        }
    }

    @Test
    void aMissingKeyIsNoEmptyValue() throws Exception {
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 4, LONG)) {
            assertThat(set(client, "empty", "").receive()).isSameAs(MemcachedClient.STORED);
            assertThat(get(client, "empty").receive())
                    .isNotSameAs(MemcachedClient.MISSING)
                    .isEmpty();
            assertThat(get(client, "missing").receive()).isSameAs(MemcachedClient.MISSING);
        }
    }

    @Test
    void largeValuesComeWhole() throws Exception {
        String large = "0123456789".repeat(100_000);
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 64, LONG)) {
            List<Receiver<byte[]>> sets = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                sets.add(set(client, "large" + i, i + large));
            }
            for (Receiver<byte[]> each : sets) {
                assertThat(each.receive()).isSameAs(MemcachedClient.STORED);
            }
            for (int i = 0; i < 16; i++) {
                assertThat(new String(get(client, "large" + i).receive(), UTF_8))
                        .isEqualTo(i + large);
            }
        }
    }

    @Test
    void aRequestThatTheServerRefusesFailsAlone() throws Exception {
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 4, LONG)) {
            Receiver<byte[]> tooLarge = set(client, "too large", "x".repeat(2_000_000));
            Receiver<byte[]> next = get(client, "key1");
            assertThatThrownBy(tooLarge::receive)
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .isInstanceOf(MemcachedException.class)
                    .hasMessageContainingAll("Too large", "0x0003")
                    .extracting(refused -> ((MemcachedException) refused).status())
                    .isEqualTo(3);
            assertThat(new String(next.receive(), UTF_8)).isEqualTo("value1");
        }
    }

    @Test
    void keysOfTheWrongLengthAreRefused() throws Exception {
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 4, LONG)) {
            Sender<byte[]> sender = new Receiver<byte[]>().sender();
            for (int length : new int[] {0, 251}) {
                assertThatThrownBy(() -> client.get(sender, new byte[length]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("a key has 1 to 250 bytes, this one has %d: use another key", length);
            }
            sender.drop();
        }
    }

    @Test
    void aFullTableIsNoErrorAndSaysWhenThereIsRoom() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore room = new Semaphore(0);
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(gate));
                MemcachedClient client = new MemcachedClient(proxy.address(), 2, LONG)) {
            Receiver<byte[]> first = get(client, "key1");
            Receiver<byte[]> second = get(client, "key2");
            Receiver<byte[]> third = Receiver.recycling();
            Sender<byte[]> sender = third.sender();
            assertThat(client.get(sender, "key3".getBytes(UTF_8))).isFalse();

            gate.countDown();
            do {
                client.onRoom(room::release); // a wake is a hint, and there may be another one too many
                room.acquire();
            } while (!client.get(sender, "key3".getBytes(UTF_8)));

            assertThat(new String(first.receive(), UTF_8)).isEqualTo("value1");
            assertThat(new String(second.receive(), UTF_8)).isEqualTo("value2");
            assertThat(new String(third.receive(), UTF_8)).isEqualTo("value3");
        }
    }

    /** Replies overtake each other, come late, come twice or never, while requests time out and numbers come again. */
    @Test
    void noReplyReachesAnotherRequestWhateverTheProxyDoes() throws Exception {
        Random random = new Random(32);
        List<byte[]> held = new ArrayList<>();
        TcpProxy.Fate chaos = (reply, client) -> {
            switch (random.nextInt(10)) {
                case 0 -> held.add(reply);
                case 1 -> {
                    client.write(reply);
                    client.write(reply);
                }
                case 2 -> Thread.sleep(random.nextInt(5)); // and it is lost
                case 3 -> {
                    client.write(reply);
                    for (byte[] late : held) {
                        client.write(late);
                    }
                    held.clear();
                }
                default -> client.write(reply);
            }
        };
        int answered = 0;
        int late = 0;
        try (TcpProxy proxy = proxy(chaos);
                MemcachedClient client = new MemcachedClient(proxy.address(), 1_000, SHORT)) {
            List<Receiver<byte[]>> receivers =
                    Stream.generate(Receiver::<byte[]>recycling).limit(16).toList();
            for (int i = 0; i < 1_000; i++) {
                Receiver<byte[]> receiver = receivers.get(i % 16);
                if (i >= 16) {
                    try {
                        assertThat(new String(receiver.receive(), UTF_8)).isEqualTo("value" + (i - 16));
                        answered++;
                    } catch (SenderFailedException failed) {
                        assertThat(failed).hasCauseInstanceOf(RequestTimeoutException.class);
                        late++;
                    }
                }
                assertThat(client.get(receiver.sender(), ("key" + i).getBytes(UTF_8)))
                        .isTrue();
            }
            assertThat(client.refused()).isPositive();
        }
        assertThat(answered).isPositive();
        assertThat(late).isPositive();
    }

    @Test
    void aReplyToAnotherKeyOrOperationLosesTheConnection() throws Exception {
        byte[][] first = new byte[1][];
        TcpProxy.Fate swap = (reply, client) -> {
            if (first[0] == null) {
                first[0] = reply;
                return;
            }
            byte[] wrong = first[0].clone(); // with the number of the second request
            System.arraycopy(reply, OPAQUE, wrong, OPAQUE, 4);
            client.write(wrong);
        };
        try (TcpProxy proxy = proxy(swap);
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, LONG)) {
            Receiver<byte[]> one = get(client, "key1");
            Receiver<byte[]> two = get(client, "key2");
            assertIsLost(one, proxy.address(), "a reply has another key than the request with its number");
            assertIsLost(two, proxy.address(), "a reply has another key than the request with its number");
        }
        first[0] = null;
        try (TcpProxy proxy = proxy(swap);
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, LONG)) {
            Receiver<byte[]> one = set(client, "key1", "value1");
            Receiver<byte[]> two = get(client, "key2");
            assertIsLost(one, proxy.address(), "a reply is of another operation than the request with its number");
            assertIsLost(two, proxy.address(), "a reply is of another operation than the request with its number");
        }
    }

    @Test
    void whatIsNoReplyLosesTheConnection() throws Exception {
        TcpProxy.Fate text =
                (reply, client) -> client.write("ERROR: this is a server of another kind\r\n".getBytes(UTF_8));
        try (TcpProxy proxy = proxy(text);
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, LONG)) {
            assertIsLost(
                    get(client, "key1"), proxy.address(), "the server sent what is no reply of the binary protocol");
        }
        TcpProxy.Fate broken = (reply, client) -> {
            ByteBuffer.wrap(reply).putShort(2, (short) 1_000);
            client.write(reply);
        };
        try (TcpProxy proxy = proxy(broken);
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, LONG)) {
            assertIsLost(get(client, "key1"), proxy.address(), "a reply is shorter than its parts");
        }
    }

    @Test
    void aConnectionThatIsCutFailsEverythingInFlightAndLater() throws Exception {
        TcpProxy.Fate fate = (reply, client) -> {
            client.write(reply, 0, reply.length - 1); // the middle of a reply
            throw new IOException("cut");
        };
        try (TcpProxy proxy = proxy(fate);
                MemcachedClient client = new MemcachedClient(proxy.address(), 8, LONG)) {
            Receiver<byte[]> first = get(client, "key1");
            List<Receiver<byte[]>> others = List.of(get(client, "key2"), set(client, "key3", "value3"));
            assertIsLost(first, proxy.address(), "");
            for (Receiver<byte[]> other : others) {
                assertIsLost(other, proxy.address(), "");
            }
            assertIsLost(get(client, "key4"), proxy.address(), "");
        }
    }

    private static void assertIsLost(Receiver<byte[]> call, InetSocketAddress server, String why) {
        assertThatThrownBy(call::receive)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("connection to 127.0.0.1:%d lost: ", server.getPort())
                .hasMessageEndingWith(why);
    }

    @Test
    void aServerThatStallsIsLeft() throws Exception {
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(new CountDownLatch(1)));
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, SHORT)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(get(client, "key" + i)::receive).hasCauseInstanceOf(RequestTimeoutException.class);
            }
            assertIsLost(get(client, "key3"), proxy.address(), "3 requests had no reply in time");
        }
    }

    @Test
    void lateRepliesFreeTheirNumbers() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(gate));
                MemcachedClient client = new MemcachedClient(proxy.address(), 4, SHORT)) {
            List<Receiver<byte[]>> late = List.of(get(client, "key1"), get(client, "key2"));
            for (Receiver<byte[]> each : late) {
                assertThatThrownBy(each::receive).hasCauseInstanceOf(RequestTimeoutException.class);
            }
            gate.countDown();
            while (client.refused() < 2) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 4; i++) {
                get(client, "key" + i); // all four are opened, so the numbers of the late ones are free
            }
        }
    }
}
