package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.ProgramRun;
import io.multishot.examples.wire.Requesters;
import io.multishot.examples.wire.ServerProcess;
import io.multishot.examples.wire.TcpProxy;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client with a real server, directly or through a proxy that interferes with the replies. */
class RedisClientTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    private static ServerProcess redis;

    @BeforeAll
    static void start() throws Exception {
        redis = ServerProcess.redis();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        ProgramRun.assertNoThreadIsLeft("redis-client");
    }

    private static boolean send(RedisClient client, Sender<Reply> sender, String... arguments) {
        return client.send(
                sender,
                Stream.of(arguments).map(each -> each.getBytes(ISO_8859_1)).toList());
    }

    /** Sends a command for which there is room. */
    private static Receiver<Reply> call(RedisClient client, String... arguments) {
        Receiver<Reply> receiver = Receiver.recycling();
        assertThat(send(client, receiver.sender(), arguments)).isTrue();
        return receiver;
    }

    private static String text(Reply reply) {
        return new String(reply.bytes(), ISO_8859_1);
    }

    /** Reads a reply that is a line, or a string after a line with its length. */
    private static byte[] readReply(DataInputStream server) throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        do {
            reply.write(server.readByte());
        } while (!reply.toString(ISO_8859_1).endsWith("\r\n"));
        String line = reply.toString(ISO_8859_1).trim();
        if (line.startsWith("$")) {
            reply.write(server.readNBytes(Integer.parseInt(line.substring(1)) + 2));
        }
        return reply.toByteArray();
    }

    private static TcpProxy proxy(TcpProxy.Fate fate) throws IOException {
        return new TcpProxy(redis.address(), RedisClientTest::readReply, fate);
    }

    @Test
    void manyThreadsGetTheirOwnReplies() throws Exception {
        try (RedisClient client = new RedisClient(redis.address(), 16, LONG)) {
            Requesters.run(4, thread -> {
                Receiver<Reply> receiver = Receiver.recycling();
                for (int n = 0; n < 2_000; n++) {
                    String text = thread + ":" + n;
                    assertThat(send(client, receiver.sender(), "ECHO", text)).isTrue();
                    assertThat(text(receiver.receive())).isEqualTo(text);
                }
            });
        }
    }

    @Test
    void largeValuesComeWholeAndInOrder() throws Exception {
        String large = "0123456789".repeat(1_000_000);
        try (RedisClient client = new RedisClient(redis.address(), 8, LONG)) {
            Receiver<Reply> set = call(client, "SET", "large", large);
            Receiver<Reply> get = call(client, "GET", "large");
            Receiver<Reply> many = call(client, "MGET", "large", "missing", "large");
            Receiver<Reply> last = call(client, "DEL", "large");
            assertThat(set.receive()).hasToString("STATUS OK");
            assertThat(text(get.receive())).isEqualTo(large);
            List<Reply> elements = many.receive().elements();
            assertThat(elements)
                    .extracting(Reply::kind)
                    .containsExactly(Reply.Kind.STRING, Reply.Kind.NIL, Reply.Kind.STRING);
            assertThat(text(elements.get(2))).isEqualTo(large);
            assertThat(last.receive()).hasToString("INTEGER 1");
        }
    }

    @Test
    void repliesMayComeByteByByte() throws Exception {
        TcpProxy.Fate crumbs = (reply, client) -> {
            for (byte each : reply) {
                client.write(each);
                client.flush();
                Thread.yield();
            }
        };
        try (TcpProxy proxy = proxy(crumbs);
                RedisClient client = new RedisClient(proxy.address(), 8, LONG)) {
            for (int i = 0; i < 100; i++) {
                Receiver<Reply> first = call(client, "ECHO", "a" + i);
                Receiver<Reply> second = call(client, "ECHO", "b" + i);
                assertThat(text(first.receive())).isEqualTo("a" + i);
                assertThat(text(second.receive())).isEqualTo("b" + i);
            }
        }
    }

    @Test
    void aFullQueueIsNoErrorAndSaysWhenThereIsRoom() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore room = new Semaphore(0);
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(gate));
                RedisClient client = new RedisClient(proxy.address(), 2, LONG)) {
            Receiver<Reply> first = call(client, "ECHO", "1");
            Receiver<Reply> second = call(client, "ECHO", "2");
            Receiver<Reply> third = Receiver.recycling();
            Sender<Reply> sender = third.sender();
            assertThat(send(client, sender, "ECHO", "3")).isFalse();
            client.onRoom(room::release);
            assertThat(room.availablePermits()).isZero();

            gate.countDown();
            room.acquire();

            assertThat(send(client, sender, "ECHO", "3")).isTrue();
            assertThat(text(first.receive())).isEqualTo("1");
            assertThat(text(second.receive())).isEqualTo("2");
            assertThat(text(third.receive())).isEqualTo("3");
        }
    }

    @Test
    void aConnectionThatIsCutFailsEverythingInFlightAndLater() throws Exception {
        TcpProxy.Fate fate = (reply, client) -> {
            if (reply[0] == '+') {
                client.write(reply);
            } else {
                client.write(reply, 0, reply.length - 1); // the middle of a reply
                throw new IOException("cut");
            }
        };
        try (TcpProxy proxy = proxy(fate);
                RedisClient client = new RedisClient(proxy.address(), 8, LONG)) {
            assertThat(call(client, "PING").receive()).hasToString("STATUS PONG");
            List<Receiver<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(call(client, "ECHO", "x"));
            }
            for (Receiver<Reply> call : calls) {
                assertIsLost(call, proxy.address());
            }
            assertIsLost(call(client, "PING"), proxy.address());
        }
    }

    private static void assertIsLost(Receiver<Reply> call, InetSocketAddress server) {
        assertThatThrownBy(call::receive)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("connection to 127.0.0.1:%d lost: ", server.getPort());
    }

    @Test
    void aServerThatDoesNotListenFailsEveryCommand() throws Exception {
        InetSocketAddress nobody = ServerProcess.freeAddress();
        try (RedisClient client = new RedisClient(nobody, 8, LONG)) {
            for (int i = 0; i < 3; i++) {
                Receiver<Reply> call = call(client, "PING");
                assertThatThrownBy(call::receive)
                        .cause()
                        .hasMessage("cannot connect to 127.0.0.1:%d: Connection refused", nobody.getPort());
            }
        }
    }

    @Test
    void closingTheClientFailsWhatIsInFlight() throws Exception {
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(new CountDownLatch(1)))) {
            Receiver<Reply> call;
            try (RedisClient client = new RedisClient(proxy.address(), 8, LONG)) {
                call = call(client, "PING");
            }
            assertThatThrownBy(call::receive).cause().hasMessageEndingWith("closed by the client");
        }
    }

    @Test
    void aCommandThatIsGivenUpSwallowsItsOwnReply() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(gate));
                RedisClient client = new RedisClient(proxy.address(), 1024, SHORT)) {
            for (String text : List.of("a", "b")) {
                assertThatThrownBy(call(client, "ECHO", text)::receive)
                        .hasCauseInstanceOf(RequestTimeoutException.class);
            }
            Receiver<Reply> left = call(client, "ECHO", "c");
            left.abandon();
            gate.countDown();
            assertThat(untilAnswered(client)).isPositive();
        }
    }

    /** Asks until there is a reply in time, which must be the one to the last question. Returns how often it asked. */
    private static int untilAnswered(RedisClient client) throws Exception {
        for (int i = 1; ; i++) {
            try {
                assertThat(text(call(client, "ECHO", "" + i).receive())).isEqualTo("" + i);
                return i;
            } catch (SenderFailedException late) {
                assertThat(late).hasCauseInstanceOf(RequestTimeoutException.class);
            }
        }
    }

    @Test
    void aServerThatStallsIsLeft() throws Exception {
        try (TcpProxy proxy = proxy(TcpProxy.heldBackBy(new CountDownLatch(1)));
                RedisClient client = new RedisClient(proxy.address(), 4, SHORT)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(call(client, "PING")::receive).hasCauseInstanceOf(RequestTimeoutException.class);
            }
            Receiver<Reply> call = call(client, "PING");
            assertThatThrownBy(call::receive).cause().hasMessageEndingWith("3 commands had no reply in time");
        }
    }

    @Test
    void delayedRepliesReachNobodyElse() throws Exception {
        Random random = new Random(5);
        TcpProxy.Fate delays = (reply, client) -> {
            if (random.nextInt(20) == 0) {
                Thread.sleep(random.nextInt(2 * (int) SHORT.toMillis()));
            }
            client.write(reply);
        };
        int answered = 0;
        try (TcpProxy proxy = proxy(delays);
                RedisClient client = new RedisClient(proxy.address(), 10_000, SHORT)) {
            List<Receiver<Reply>> receivers =
                    Stream.generate(Receiver::<Reply>recycling).limit(8).toList();
            for (int i = 0; i < 500; i++) {
                Receiver<Reply> receiver = receivers.get(i % 8);
                answered += i < 8 ? 0 : isAnswered(receiver, i - 8);
                assertThat(send(client, receiver.sender(), "ECHO", "" + i)).isTrue();
            }
        }
        assertThat(answered).isPositive();
    }

    private static int isAnswered(Receiver<Reply> receiver, int number) throws InterruptedException {
        Semaphore bell = new Semaphore(0);
        Poll poll;
        while ((poll = receiver.poll(bell::release)) == Poll.PENDING) {
            bell.acquire();
        }
        if (poll == Poll.READY) {
            assertThat(text(receiver.take())).isEqualTo("" + number);
            return 1;
        }
        assertThat(receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        return 0;
    }

    @Test
    void aReplyThatComesTwiceLosesTheConnection() throws Exception {
        TcpProxy.Fate twice = (reply, client) -> {
            byte[] both = new byte[2 * reply.length];
            System.arraycopy(reply, 0, both, 0, reply.length);
            System.arraycopy(reply, 0, both, reply.length, reply.length);
            client.write(both);
        };
        try (TcpProxy proxy = proxy(twice);
                RedisClient client = new RedisClient(proxy.address(), 8, LONG)) {
            assertThat(text(call(client, "ECHO", "one").receive())).isEqualTo("one");
            Receiver<Reply> next = call(client, "ECHO", "two"); // while the second half may still be in the buffer
            assertThatThrownBy(next::receive).cause().hasMessageEndingWith("a reply came to no command");
        }
    }

    @Test
    void aWakerMaySendTheNextCommand() throws Exception {
        LinkedBlockingQueue<String> replies = new LinkedBlockingQueue<>();
        try (RedisClient client = new RedisClient(redis.address(), 1, LONG)) {
            new Object() {
                private final Receiver<Reply> receiver = Receiver.recycling();
                private int sent;

                void step() {
                    while (receiver.poll(this::step) == Poll.READY || sent == 0) {
                        if (sent > 0) {
                            replies.add(text(receiver.take()));
                        }
                        if (sent == 100) {
                            return;
                        }
                        send(client, receiver.sender(), "ECHO", "" + sent++);
                    }
                }
            }.step();
            for (int i = 0; i < 100; i++) {
                assertThat(replies.take()).isEqualTo("" + i);
            }
        }
    }
}
