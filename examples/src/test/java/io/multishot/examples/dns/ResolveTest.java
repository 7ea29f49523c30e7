package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.examples.ProgramRun;
import io.multishot.examples.dns.UdpServer.Query;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program, with a server of this test, and with dnsmasq beside dig. */
@Timeout(120)
class ResolveTest {
    @TempDir
    private Path scratch;

    private static ProgramRun run(String names, InetSocketAddress server, String... more) {
        List<String> args = new ArrayList<>(List.of("--server", text(server)));
        args.addAll(List.of(more));
        return run(new ByteArrayInputStream(names.getBytes(UTF_8)), args.toArray(new String[0]));
    }

    private static ProgramRun run(InputStream names, String... args) {
        return ProgramRun.of((out, err) -> new Resolve(names, out, err), args);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Runs dig once for all names: it asks one after the other. */
    private ProgramRun dig(InetSocketAddress server, List<String> names) throws Exception {
        List<String> command = new ArrayList<>(List.of(Dnsmasq.find("dig"), "-r", "+short"));
        command.add("@" + server.getAddress().getHostAddress());
        command.addAll(List.of("-p", "" + server.getPort()));
        command.addAll(names);
        return ProgramRun.ofProcess(scratch, "C", command.toArray(new String[0]));
    }

    @Test
    void printsWhatDigPrints() throws Exception {
        List<String> names = new ArrayList<>(List.of(
                "host.test",
                "HOST.Test.",
                "alias.test",
                "no-such-name.test",
                "alias-of-alias.test",
                "anything.wild.test",
                "refused.example",
                "test",
                "."));
        names.addAll(Address.names(200));
        names.add("alias.test");
        try (Dnsmasq server = Dnsmasq.start()) {
            ProgramRun dig = dig(server.address(), names);
            assertThat(dig.out()).startsWith("10.1.2.3\n10.1.2.3\nhost.test.\n10.1.2.3\nalias.test.\nhost.test.\n");

            ProgramRun run = run(String.join("\n", names), server.address(), "--retries", "50");

            assertThat(run.out()).isEqualTo(dig.out());
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err())
                    .startsWith("resolve: refused.example: the server answered REFUSED\n"
                            + "resolve: .: the server answered REFUSED\nnames 210, failed 2, ")
                    .hasLineCount(3);
        }
    }

    @Test
    void aReplyTooLongForADatagramIsReported() throws Exception {
        try (Dnsmasq server = Dnsmasq.start()) {
            ProgramRun run = run("many.test\nhost.test\n", server.address());
            assertThat(run.out()).isEqualTo("10.1.2.3\n");
            assertThat(run.err())
                    .startsWith("resolve: many.test: the reply was truncated, because it is longer than 1232 bytes: "
                            + "ask the server over TCP\nnames 2, failed 1, ");
        }
    }

    @Test
    void namesAreEscapedAsDigDoes() throws Exception {
        byte[] first = name(label(0, 63), label(63, 126), label(126, 189));
        byte[] second = name(label(189, 252), label(252, 256));
        try (UdpServer server = new UdpServer(query -> {
            byte[] target = query.name().equals("first.test") ? first : second;
            query.reply(query.reply(0x8180, 1, Query.record(5, target)));
        })) {
            ProgramRun run = run("first.test\nsecond.test\n", server.address());
            assertThat(run.status()).isZero();
            assertThat(run.out())
                    .isEqualTo(dig(server.address(), List.of("first.test", "second.test"))
                            .out());
        }
    }

    private static byte[] label(int from, int to) {
        byte[] label = new byte[1 + to - from];
        label[0] = (byte) (to - from);
        for (int c = from; c < to; c++) {
            label[1 + c - from] = (byte) c;
        }
        return label;
    }

    private static byte[] name(byte[]... labels) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        Stream.of(labels).forEach(name::writeBytes);
        name.write(0);
        return name.toByteArray();
    }

    @Test
    void unusableNamesAreReportedInTheirPlace() throws Exception {
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()))) {
            String bad = "between two dots there must be 1 to 63 characters of printable ASCII, no backslash: "
                    + "write other scripts in Punycode";
            String first = Address.name(1);
            String second = Address.name(2);
            ProgramRun run = run(
                    first + "\n\n  \n.." + "\n" + "x".repeat(64) + "\na\\b\n" + "bücher.test\n" + "abc.".repeat(64)
                            + "\n  " + second,
                    server.address());
            assertThat(run.out()).isEqualTo(Address.text(1) + "\n" + Address.text(2) + "\n");
            assertThat(run.err().lines().map(line -> line.replaceFirst("resolve: \\S+ ", "")))
                    .startsWith(bad, bad, bad, bad, "the name takes 257 bytes in a message: at most 255 are allowed")
                    .hasSize(6);
            assertThat(run.err())
                    .containsPattern("\nnames 7, failed 5, queries repeated 0, replies refused 0, "
                            + "names per second [0-9,]+\n$");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void theLongestNameIsAsked() throws Exception {
        String name = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
        try (UdpServer server = new UdpServer(query -> {
            boolean isWhole = query.name().equals(name);
            query.reply(isWhole ? query.answer(1) : query.reply(0x8182, 0));
        })) {
            assertThat(run(name + ".", server.address()).out()).isEqualTo("0.0.0.1\n");
        }
    }

    @Test
    void anErrorOfStandardInputIsReported() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is on fire");
            }
        };
        ProgramRun run = run(broken, "--server", "127.0.0.1:1");
        assertThat(run).isEqualTo(new ProgramRun(1, "", "resolve: standard input: the disk is on fire\n"));
        ProgramRun.assertNoThreadIsLeft("dns-client");
    }

    @Test
    void anErrorOfStandardOutputIsReported() throws Exception {
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()))) {
            InputStream names = new ByteArrayInputStream(Address.name(1).getBytes(UTF_8));
            ProgramRun run = ProgramRun.of(
                    (out, err) -> new Resolve(names, out, err),
                    writes -> {
                        throw new IOException("No space left on device");
                    },
                    "--server",
                    text(server.address()));
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("resolve: write error: No space left on device\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--timeout=0",
                "--timeout=x",
                "--retries=-1",
                "--in-flight=0",
                "--in-flight=4097",
                "--server=a:b",
                "--server=127.0.0.1:65536",
                "--server=no.such.host.invalid"
            })
    void badArgumentsAreRefused(String argument) {
        ProgramRun run = run(InputStream.nullInputStream(), argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("resolve: ").endsWith("\nTry --help.\n");
    }

    @Test
    void aProgressBarIsShownOnATerminal() throws Exception {
        assumeTrue(
                ProgramRun.ofProcess(scratch, "C", "sh", "-c", "script --version")
                        .out()
                        .contains("util-linux"),
                "there is no script(1) here");
        Path names = Files.writeString(scratch.resolve("names"), String.join("\n", Address.names(3)));
        Path results = scratch.resolve("results");
        try (UdpServer server = new UdpServer(query -> query.reply(query.answer()))) {
            String program = "\"$JAVA\" " + Resolve.class.getName() + " --server " + text(server.address());

            ProgramRun run = ProgramRun.ofProcess(
                    scratch, "C", "script", "-qec", program + " <" + names + " >" + results, "/dev/null");

            assertThat(results).hasContent(Address.lines(3));
            assertThat(run.out())
                    .containsPattern("\rresolve .* 3.*names .*\r\nnames 3, failed 0, .* per second [0-9,]+\r\n$");
        }
    }
}
