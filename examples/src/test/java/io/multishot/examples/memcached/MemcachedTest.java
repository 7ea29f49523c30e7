package io.multishot.examples.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.Receiver;
import io.multishot.examples.ProgramRun;
import io.multishot.examples.wire.ServerProcess;
import io.multishot.examples.wire.TcpProxy;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program reports. */
class MemcachedTest {
    private static final String PROGRAM = "\"$JAVA\" " + Memcached.class.getName();

    private static ServerProcess memcached;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        memcached = ServerProcess.memcached();
    }

    @AfterAll
    static void stop() {
        if (memcached != null) {
            memcached.close();
        }
    }

    private static ProgramRun run(String input, String... args) {
        ByteArrayInputStream lines = new ByteArrayInputStream(input.getBytes(ISO_8859_1));
        return ProgramRun.of((out, err) -> new Memcached(lines, out, err), args);
    }

    private static TcpProxy proxy(TcpProxy.Fate fate) throws IOException {
        return new TcpProxy(memcached.address(), MemcachedTest::readReply, fate);
    }

    private static byte[] readReply(DataInputStream server) throws IOException {
        byte[] header = new byte[24];
        server.readFully(header);
        byte[] body = new byte[ByteBuffer.wrap(header).getInt(8)];
        server.readFully(body);
        return ByteBuffer.allocate(header.length + body.length)
                .put(header)
                .put(body)
                .array();
    }

    private static boolean isGet(byte[] reply) {
        return reply[1] == 0x0c;
    }

    private static String hostAndPort(TcpProxy proxy) {
        return "127.0.0.1:" + proxy.address().getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "64", "5000"})
    void everyKeyIsFoundWithItsValue(String inFlight) throws Exception {
        Path keys = directory.resolve("keys");
        Files.writeString(
                keys, IntStream.range(0, 3_000).mapToObj(i -> "key " + i + "\n").collect(Collectors.joining()));

        ProgramRun run = run("", "--server", memcached.hostAndPort(), "--in-flight", inFlight, keys.toString());

        assertThat(run)
                .isEqualTo(new ProgramRun(
                        0,
                        "",
                        "keys 3,000, stored 3,000, found 3,000, missing 0, different 0, requests failed 0, "
                                + "replies refused 0\n"));
        try (MemcachedClient client = new MemcachedClient(memcached.address(), 1, Duration.ofMinutes(5))) {
            Receiver<byte[]> receiver = new Receiver<>();
            client.get(receiver.sender(), "key 2999".getBytes(UTF_8));
            assertThat(new String(receiver.receive(), UTF_8)).isEqualTo("value of key 2999");
        }
    }

    @Test
    void keysThatCannotBeAreReported() {
        ProgramRun run = run("a\n\n\u00e9\n" + "x".repeat(251) + "\nb", "--server", memcached.hostAndPort());
        assertThat(run.err())
                .isEqualTo("memcached: line 2: a key has 1 to 250 bytes, this one has 0: use another key\n"
                        + "memcached: line 4: a key has 1 to 250 bytes, this one has 251: use another key\n"
                        + "keys 3, stored 3, found 3, missing 0, different 0, requests failed 0, replies refused 0\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void whatIsMissingOrDifferentIsReported() throws Exception {
        TcpProxy.Fate forger = (reply, client) -> {
            String text = new String(reply, ISO_8859_1);
            if (isGet(reply) && text.contains("lost")) {
                ByteBuffer.wrap(reply).putShort(6, (short) 1); // not found
            } else if (isGet(reply) && text.contains("forged")) {
                reply[reply.length - 1]++;
            }
            client.write(reply);
        };
        try (TcpProxy proxy = proxy(forger)) {
            ProgramRun run = run("good\nlost\nforged\nbetter\n", "--server", hostAndPort(proxy));
            assertThat(run.err())
                    .isEqualTo("memcached: lost: missing\n"
                            + "memcached: forged: has another value, of 15 bytes\n"
                            + "keys 4, stored 4, found 2, missing 1, different 1, requests failed 0, "
                            + "replies refused 0\n");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void aReplyThatComesTwiceIsRefused() throws Exception {
        TcpProxy.Fate twice = (reply, client) -> {
            client.write(reply);
            client.write(reply);
        };
        try (TcpProxy proxy = proxy(twice)) {
            String keys = IntStream.range(0, 500).mapToObj(i -> "k" + i + "\n").collect(Collectors.joining());
            ProgramRun run = run(keys, "--server", hostAndPort(proxy), "--in-flight", "7");
            assertThat(run.err())
                    .startsWith("keys 500, stored 500, found 500, missing 0, different 0, requests failed 0, ");
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void aRequestWithoutAReplyInTimeIsReportedAndTheRestIsChecked() throws Exception {
        TcpProxy.Fate selective = (reply, client) -> {
            if (!(isGet(reply) && new String(reply, ISO_8859_1).contains("slow"))) {
                client.write(reply);
            }
        };
        try (TcpProxy proxy = proxy(selective)) {
            ProgramRun run = run("a\nslow\nb\n", "--server", hostAndPort(proxy), "--timeout", "2");
            assertThat(run.err()).startsWith("memcached: slow: ");
            assertThat(run.err())
                    .endsWith("\nkeys 3, stored 3, found 2, missing 0, different 0, requests failed 1, "
                            + "replies refused 0\n");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatWasGivenUpHoldsOthersBackAndFailsNone() throws Exception {
        TcpProxy.Fate selective = (reply, client) -> {
            if (!(isGet(reply) && new String(reply, ISO_8859_1).contains("slow"))) {
                client.write(reply);
            }
        };
        try (TcpProxy proxy = proxy(selective)) {
            String keys = IntStream.range(0, 500).mapToObj(i -> "k" + i + "\n").collect(Collectors.joining());
            ProgramRun run = run("slow\n" + keys, "--server", hostAndPort(proxy), "--timeout", "2", "--in-flight", "4");
            assertThat(run.err())
                    .endsWith("\nkeys 501, stored 501, found 500, missing 0, different 0, requests failed 1, "
                            + "replies refused 0\n");
        }
    }

    @Test
    void aLostConnectionEndsTheProgram() throws Exception {
        TcpProxy.Fate cut = (reply, client) -> {
            if (isGet(reply)) {
                throw new IOException("cut");
            }
            client.write(reply);
        };
        try (TcpProxy proxy = proxy(cut)) {
            ProgramRun run = run("a\nb\nc\n", "--server", hostAndPort(proxy));
            assertThat(run.err())
                    .startsWith("memcached: a: connection to " + hostAndPort(proxy) + " lost: ")
                    .endsWith("\nkeys 3, stored 3, found 0, missing 0, different 0, requests failed 1, "
                            + "replies refused 0\n");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatDoesNotListenIsReported() throws Exception {
        String nobody = "127.0.0.1:" + ServerProcess.freeAddress().getPort();
        ProgramRun run = run("a\nb\n", "--server", nobody);
        assertThat(run.err()).startsWith("memcached: a: cannot connect to " + nobody + ": Connection refused\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aProgressBarIsShownOnATerminal() throws Exception {
        String[] version = {"sh", "-c", "script --version"};
        assumeTrue(
                ProgramRun.ofProcess(directory, "C", version).out().contains("util-linux"),
                "there is no script(1) here");
        String command = "echo key | " + PROGRAM + " --server " + memcached.hostAndPort() + " >/dev/null";
        ProgramRun run = ProgramRun.ofProcess(directory, "C", "sh", "-c", "script -qec '" + command + "' /dev/null");
        assertThat(run.out())
                .containsPattern("\rmemcached 100% \\[=+\\] 2/2 requests .*\r\nkeys 1, stored 1, found 1, ");
        assertThat(run.status()).isZero();
    }
}
