package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program with its workers in another process. */
@Timeout(90)
class RemoteTest {
    @TempDir
    private Path root;

    @TempDir
    private Path scratch;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        IoUtil.delete(driver().toFile(), true);
    }

    private Path driver() {
        return scratch.resolve("driver");
    }

    private Process serve(String channel, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Checksums.class.getName(),
                "--serve",
                channel));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        BufferedReader lines = process.errorReader(ISO_8859_1);
        assertThat(lines.readLine()).isEqualTo("checksums: serving as responder at " + channel + ", stream 1");
        return process;
    }

    private static String udp() throws IOException {
        try (DatagramSocket free = new DatagramSocket()) {
            return "aeron:udp?endpoint=localhost:" + free.getLocalPort();
        }
    }

    /** Files of all lengths around those of a block, and of several. */
    private Tree tree() throws IOException {
        Tree tree = Tree.odd(root);
        Random random = new Random(5);
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            tree.file("blocks/" + length, content);
        }
        return tree;
    }

    @Test
    void theResultIsThatOfTheLocalJobByteForByte() throws Exception {
        Tree tree = tree();
        String channel = udp();
        Process server = serve(channel, "--workers", "2");

        Program local = Program.run(root.toString(), root + "/missing");
        Program remote = Program.run("--ask", channel, "--workers", "3", root.toString(), root + "/missing");

        assertThat(remote).isEqualTo(local);
        assertThat(remote.out()).isEqualTo(tree.lines(root + "/"));
        Program.assertNoWorkerIsLeft();

        server.destroy();
        assertThat(server.waitFor(20, TimeUnit.SECONDS))
                .as("ends when it is told to")
                .isTrue();
    }

    @Test
    void sharedMemoryWillDoOnOneMachine() throws Exception {
        Tree tree = tree();
        Process server = serve("aeron:ipc", "--driver", driver().toString());

        Program remote = Program.run("--ask", "aeron:ipc", "--driver", driver().toString(), root.toString());

        assertThat(remote.out()).isEqualTo(tree.lines(root + "/"));
        server.destroy();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(driver()).doesNotExist();
    }

    @Test
    void whenTheWorkersDieEveryFileThatIsLeftIsToldAndTheJobEnds() throws Exception {
        Tree tree = new Tree(root);
        for (int i = 0; i < 200; i++) {
            tree.file("" + (1_000 + i));
        }
        String channel = udp();
        Process server = serve(channel, "--driver", driver().toString());

        Program remote = Program.run(
                lines -> {
                    if (lines == 50) {
                        server.destroyForcibly().onExit().join();
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

    @Test
    void nobodyAnswers() throws Exception {
        Program remote = Program.run("--ask", udp(), root.toString());

        assertThat(remote.status()).isEqualTo(1);
        assertThat(remote.err()).startsWith("checksums: nobody answers at aeron:udp");
    }

    @Test
    void aChannelThatIsNoneIsTold() {
        for (String option : new String[] {"--ask", "--serve"}) {
            for (String channel : new String[] {"nonsense", "aeron:udp?endpoint=no.such.host.invalid:1"}) {
                Program program = Program.run(option, channel);
                assertThat(program.status()).isEqualTo(1);
                assertThat(program.err()).startsWith("checksums: ").hasLineCount(1);
            }
        }
    }

    @Test
    void itIsOneOrTheOther() {
        assertThat(Program.run("--ask", "aeron:ipc", "--serve", "aeron:ipc").status())
                .isEqualTo(2);
    }
}
