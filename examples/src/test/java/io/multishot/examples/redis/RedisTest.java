package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.examples.Console;
import io.multishot.examples.ProgramRun;
import io.multishot.examples.wire.ServerProcess;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program prints, compared with {@code redis-cli} where both can do it. */
class RedisTest {
    private static final String PROGRAM = "\"$JAVA\" " + Redis.class.getName();

    private static ServerProcess redis;

    @TempDir
    private Path directory;

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

    private static ProgramRun run(InputStream input, String... args) {
        return ProgramRun.of((out, err) -> new Redis(input, out, err), args);
    }

    private static ProgramRun run(String input, String... args) {
        return run(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), args);
    }

    private ProgramRun shell(String command) throws Exception {
        return ProgramRun.ofProcess(directory, "C", "sh", "-c", command);
    }

    /** Runs the lines with both programs, each with an empty database, and compares the output byte by byte. */
    private String assertPrintsWhatRedisCliPrints(String input, String... args) throws Exception {
        ServerProcess.assumeInstalled("redis-cli");
        Path file = Files.writeString(directory.resolve("commands"), "FLUSHALL\n" + input, ISO_8859_1);
        int port = redis.address().getPort();
        String expected = shell("redis-cli -p " + port + " <" + file).out();
        String[] all = new String[args.length + 3];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--server";
        all[args.length + 1] = redis.hostAndPort();
        all[args.length + 2] = file.toString();
        ProgramRun ours = run(InputStream.nullInputStream(), all);
        assertThat(ours.out()).isEqualTo(expected);
        assertThat(ours.status()).isZero();
        return expected;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "64"})
    void everyKindOfReplyIsPrintedAsRedisCliDoes(String inFlight) throws Exception {
        String printed = assertPrintsWhatRedisCliPrints("""
                PING
                set key "two\\nlines"
                GET key
                GET missing
                STRLEN key
                DECRBY number 17
                RPUSH list a "" "b c" d
                LRANGE list 0 -1
                LRANGE nothing 0 -1
                MGET key missing list
                HSET hash one 1 two 2
                HGETALL hash
                EVAL "return {1, {2, 'x', {}, {{'deep'}}}, {}, false, {}, {err='ERR in it'}, 'end'}" 0
                EVAL "return {}" 0
                EVAL "return {false, {false}}" 0
                EVAL "return redis.error_reply('MY own error')" 0
                EVAL "return redis.status_reply('FINE')" 0
                LPUSH key no
                NOSUCHCOMMAND with arguments
                GET
                MULTI
                INCR number
                LPUSH key no
                LRANGE list 0 1
                EXEC
                EXEC
                MULTI
                DISCARD
                SCAN 0 COUNT 1000
                ZADD zset 1.5 a 2 b
                ZRANGE zset 0 -1 WITHSCORES
                TYPE zset
                SELECT 3
                DBSIZE
                SELECT 0
                OBJECT ENCODING key
                COMMAND GETKEYS MSET a b c d
                FLUSHALL""", "--in-flight", inFlight);
        assertThat(printed).contains("two\nlines\n", "ERR in it\n\n", "deep\n").endsWith("\nOK\n");
    }

    @Test
    void theInputIsQuotedAsForRedisCli() throws Exception {
        String printed = assertPrintsWhatRedisCliPrints(String.join(
                "\n",
                "ECHO \"\\x41\\x0a\\xff\\xZZ\\n\\r\\t\\b\\a\\\\\\\"\\q\"",
                "ECHO '\\x41 \\' \\\\ \"'",
                "'echo' \"\"",
                "ECHO ''",
                "ECHO wo\"rd\"",
                "ECHO wo'r d'",
                "ECHO \"a\"b",
                "ECHO 'a'b",
                "ECHO \"open",
                "ECHO 'open",
                "ECHO \"open\\",
                "ECHO \\x41",
                "",
                "   \t ",
                "  ECHO \t\u000b\f indented \r",
                "ECHO a\u000bb",
                "ECHO \u00ff\u00e9\u0080",
                "ECHO \"zero\\x00byte\"",
                "ECHO cut\u0000off",
                "\u0000ECHO nothing",
                "\"\" x",
                "\"\"",
                "2 ECHO twice",
                "+1 ECHO once",
                "\" 2\" ECHO twice",
                "0 ECHO never",
                "-1 ECHO never",
                "99999999999999999999 ECHO never",
                "2x ECHO never",
                "7",
                "Quit",
                "ECHO never"));
        assertThat(printed).contains("Invalid argument(s)\n", "twice\ntwice\n").doesNotContain("never\n");
    }

    @Test
    void randomLinesAreSplitAsByRedisCli() throws Exception {
        Random random = new Random(15);
        String alphabet = "\"\"\"''\\\\xn0aF \t\u000b\u00ffz";
        String lines = IntStream.range(0, 3_000)
                .mapToObj(line -> random.ints(random.nextInt(16), 0, alphabet.length())
                        .mapToObj(each -> alphabet.substring(each, each + 1))
                        .collect(Collectors.joining("", line % 8 == 0 ? "" : "ECHO ", "\n")))
                .collect(Collectors.joining());
        assertPrintsWhatRedisCliPrints(lines);
    }

    @Test
    void largeValuesAndManyCommandsArePrintedInOrder() throws Exception {
        String large = "x".repeat(3_000_000);
        String many = IntStream.range(0, 20_000)
                .mapToObj(i -> "APPEND text " + i + "\n")
                .collect(Collectors.joining());
        assertPrintsWhatRedisCliPrints("SET large " + large + "\nGET large\nMGET large large\n" + many + "GET text\n");
    }

    @Test
    void theFiguresAreOnStandardError() {
        ProgramRun run = run("PING\nNOSUCHCOMMAND\n", "--server", redis.hostAndPort());
        assertThat(run.err()).matches("commands 2, error replies 1, without a reply 0, seconds [0-9.]+\n");
        assertThat(run.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ECHO one\n", "ECHO one\nEC"})
    @Timeout(120)
    void aReplyIsPrintedBeforeTheNextCommandIsThere(String first) throws Exception {
        StringBuilder answered = new StringBuilder();
        InputStream questions = new InputStream() {
            private final byte[] bytes = "ECHO one\nECHO two\n".getBytes(ISO_8859_1);
            private int next;

            @Override
            public int read() throws IOException {
                if (next == first.length() || next == bytes.length) {
                    awaitLines(answered, next == bytes.length ? 2 : 1);
                }
                return next == bytes.length ? -1 : bytes[next++];
            }

            @Override
            public int available() {
                return Math.max(0, first.length() - next);
            }
        };
        OutputStream out = new BufferedOutputStream(new OutputStream() {
            @Override
            public void write(int character) {
                synchronized (answered) {
                    answered.append((char) character);
                    answered.notifyAll();
                }
            }
        });
        int status = Console.run(
                (ignored, err) -> new Redis(questions, out, err),
                out,
                new PrintStream(OutputStream.nullOutputStream()),
                "--server",
                redis.hostAndPort());
        assertThat(status).isZero();
        assertThat(answered).hasToString("one\ntwo\n");
    }

    private static void awaitLines(StringBuilder text, int lines) throws IOException {
        synchronized (text) {
            while (text.chars().filter(each -> each == '\n').count() < lines) {
                try {
                    text.wait();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
        }
    }

    @Test
    void commandsWithoutExactlyOneReplyAreRefused() {
        ProgramRun run = run("subscribe a b\nPING\nCLIENT REPLY OFF\nmonitor\nPING\n", "--server", redis.hostAndPort());
        assertThat(run.out()).isEqualTo("PONG\nPONG\n");
        assertThat(run.err().lines())
                .filteredOn(line -> line.startsWith("redis: line "))
                .containsExactly(
                        "redis: line 1: it may not have exactly one reply, so it was not sent; use redis-cli",
                        "redis: line 3: it may not have exactly one reply, so it was not sent; use redis-cli",
                        "redis: line 4: it may not have exactly one reply, so it was not sent; use redis-cli");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aCommandWithoutAReplyInTimeIsReportedAndTheRestIsPrinted() {
        ProgramRun run =
                run("PING\nBLPOP nothing 0\nECHO unreachable\n", "--server", redis.hostAndPort(), "--timeout", "0.3");
        assertThat(run.out()).startsWith("PONG\n");
        assertThat(run.err().lines()).anyMatch(line -> line.startsWith("redis: line 2: "));
        assertThat(run.err()).contains("commands 3, error replies 0, without a reply 2, ");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aLostConnectionEndsTheProgramAfterWhatWasAnswered() throws Exception {
        try (ServerProcess other = ServerProcess.redis()) {
            ProgramRun run = run("PING\nSHUTDOWN NOSAVE\nPING\n", "--in-flight", "1", "--server", other.hostAndPort());
            assertThat(run.out()).isEqualTo("PONG\n");
            assertThat(run.err()).contains("redis: line 2: connection to " + other.hostAndPort() + " lost: ");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatDoesNotListenIsReported() throws Exception {
        int port = ServerProcess.freeAddress().getPort();
        ProgramRun run = run("PING\nPING\n", "--server", "127.0.0.1:" + port);
        assertThat(run.err())
                .startsWith("redis: line 1: cannot connect to 127.0.0.1:" + port + ": Connection refused\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void inputThatCannotBeReadIsReportedAfterWhatWasAnswered() {
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream("PING\n".getBytes(ISO_8859_1)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk is gone");
                    }
                });
        assertThat(run(broken, "--server", redis.hostAndPort()))
                .isEqualTo(new ProgramRun(1, "PONG\n", "redis: standard input: the disk is gone\n"));
        assertThat(run("", "--server", redis.hostAndPort(), directory.toString()))
                .isEqualTo(new ProgramRun(1, "", "redis: " + directory + ": Is a directory\n"));
    }

    @Test
    void badArgumentsAreExplained() {
        assertThat(run("", "--server", "nowhere").err())
                .isEqualTo("redis: --server: nowhere is not HOST:PORT\nTry --help.\n");
        assertThat(run("", "--server", "localhost:99999").err())
                .isEqualTo("redis: --server: there is no port 99999\nTry --help.\n");
        assertThat(run("", "--timeout", "0").err())
                .isEqualTo("redis: --timeout: 0.0 is not a number of seconds between 0 and 1000000\nTry --help.\n");
        assertThat(run("", "--in-flight", "0").status()).isEqualTo(2);
        assertThat(run("", directory.resolve("missing").toString()).err())
                .isEqualTo("redis: " + directory.resolve("missing") + ": No such file or directory\n");
    }

    @Test
    void aProgressBarIsShownOnATerminal() throws Exception {
        assumeTrue(shell("script --version").out().contains("util-linux"), "there is no script(1) here");
        Path results = directory.resolve("results");
        String command = "echo PING | " + PROGRAM + " --server " + redis.hostAndPort() + " >" + results;
        ProgramRun run = shell("script -qec '" + command + "' /dev/null");
        assertThat(results).hasContent("PONG\n");
        assertThat(run.out()).contains("\rredis").contains("commands 1, error replies 0, ");
        assertThat(run.status()).isZero();
    }
}
