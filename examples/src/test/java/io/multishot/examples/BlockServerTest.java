package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program with a server in another process. */
@Timeout(90)
class BlockServerTest {
    @TempDir
    private Path root;

    private final List<Process> servers = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process server : servers) {
            server.destroyForcibly().waitFor();
        }
    }

    /** Returns a channel whose port is free now, of those that the system gives to nobody who leaves it the choice. */
    private static String udp() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_768);
            try (DatagramSocket free = new DatagramSocket(port)) {
                return "aeron:udp?endpoint=localhost:" + free.getLocalPort();
            } catch (BindException taken) {
                // another one, then
            }
        }
    }

    private Process serve(String channel) throws IOException {
        Process server = new ProcessBuilder(
                        ProgramRun.JAVA,
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Checksums.class.getName(),
                        "--serve",
                        channel)
                .start();
        servers.add(server);
        BufferedReader err = server.errorReader();
        String line = err.readLine();
        while (line != null && !line.startsWith("checksums: ")) {
            line = err.readLine(); // the engine logs what it deletes of processes that were killed
        }
        assertThat(line).isEqualTo("checksums: serving as responder at " + channel + ", stream 1");
        return server;
    }

    private static ProgramRun run(String... args) {
        return ProgramRun.of(Checksums::new, args);
    }

    /** Makes files of all lengths around those of a block, and of several. */
    private Tree tree() throws IOException {
        Tree tree = Tree.odd(root);
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000}) {
            tree.file("blocks/" + length, length);
        }
        return tree;
    }

    @Test
    void theResultIsThatOfTheLocalProgram() throws Exception {
        Tree tree = tree();
        String channel = udp();
        Process server = serve(channel);

        ProgramRun remote = run("--ask", channel, "--workers", "3", root.toString(), root + "/missing");

        assertThat(remote).isEqualTo(run(root.toString(), root + "/missing"));
        assertThat(remote.out()).isEqualTo(tree.lines(root + "/"));
        ProgramRun.assertNoThreadIsLeft("checksums-worker");
        server.destroy();
        assertThat(server.waitFor(20, TimeUnit.SECONDS))
                .as("ends when it is terminated")
                .isTrue();
    }

    @Test
    void whenTheServerEndsEveryOtherFileIsReportedAndTheProgramEnds() throws Exception {
        Tree tree = new Tree(root).files(200);
        String channel = udp();
        Process server = serve(channel);

        ProgramRun remote = ProgramRun.of(
                Checksums::new,
                writes -> {
                    if (writes == 50) {
                        server.destroy();
                        server.onExit().join();
                    }
                },
                "--ask",
                channel,
                "--in-flight",
                "4",
                root.toString());

        assertThat(remote.status()).isEqualTo(1);
        int answered = (int) remote.out().lines().count();
        assertThat(answered).isBetween(50, 60);
        assertThat(tree.lines(root + "/")).startsWith(remote.out());
        assertThat(remote.err().lines().filter(line -> line.contains("Remote worker: ")))
                .hasSize(200 - answered);
    }

    /** Aeron's client closes itself when its process did not run for ten seconds. */
    @Test
    void aServerThatWasStoppedServesAgain() throws Exception {
        Tree tree = tree();
        String channel = udp();
        Process server = serve(channel);

        signal("STOP", server);
        Thread.sleep(12_000);
        signal("CONT", server);

        ProgramRun remote = run("--ask", channel, root.toString());
        while (remote.status() != 0) {
            remote = run("--ask", channel, root.toString());
        }
        assertThat(remote.out()).isEqualTo(tree.lines(root + "/"));
        assertThat(server.isAlive()).isTrue();
    }

    private static void signal(String name, Process to) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + to.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void aChannelWithoutAResponderIsReported() throws Exception {
        ProgramRun remote = run("--ask", udp(), root.toString());
        assertThat(remote.status()).isEqualTo(1);
        assertThat(remote.err()).startsWith("checksums: no responder at aeron:udp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "aeron:udp?endpoint=no.such.host.invalid:1"})
    void aChannelThatAeronCannotUseIsReported(String channel) {
        for (String option : new String[] {"--ask", "--serve"}) {
            ProgramRun run = run(option, channel);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).startsWith("checksums: ").hasLineCount(1);
        }
    }

    @Test
    void askAndServeExcludeEachOther() {
        assertThat(run("--ask", "aeron:ipc", "--serve", "aeron:ipc").status()).isEqualTo(2);
    }
}
