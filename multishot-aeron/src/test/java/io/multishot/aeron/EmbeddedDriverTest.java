package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.aeron.exceptions.RegistrationException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What embedded drivers take of shared memory, and that they leave nothing there. */
@Timeout(90)
@Tag("checked") // once is enough: most of it is in child processes
class EmbeddedDriverTest {
    private static final String ANY = "unused";

    private static List<Path> directoriesOf(long pid) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(DriverDirectory.parent(), "multishot-aeron-" + pid + "-*")) {
            all.forEach(found::add);
        }
        return found;
    }

    @Test
    void aKilledProcessLeavesNothingForLong() throws Exception {
        try (CapturedLog log = new CapturedLog();
                ChildProcess killed = ChildProcess.start(EmbeddedMain.class, ANY);
                ChildProcess living = ChildProcess.start(EmbeddedMain.class, ANY);
                ChildProcess stopped = ChildProcess.start(EmbeddedMain.class, ANY)) {
            stopped.freeze();
            try (Engine before = Engine.embedded()) {
                assertThat(before.isUsable()).isTrue();
                assertThat(directoriesOf(killed.pid())).hasSize(1);
                killed.kill();
                assertThat(directoriesOf(killed.pid())).hasSize(1);

                try (Engine after = Engine.embedded()) {
                    assertThat(after.isUsable()).isTrue();
                    assertThat(directoriesOf(killed.pid())).isEmpty();
                    assertThat(directoriesOf(living.pid())).hasSize(1);
                    assertThat(directoriesOf(stopped.pid())).hasSize(1);
                    assertThat(directoriesOf(ProcessHandle.current().pid())).hasSizeGreaterThanOrEqualTo(2);
                    assertThat(log.with("deleted " + DriverDirectory.parent() + "/multishot-aeron-" + killed.pid()))
                            .hasSize(1);
                }
            }
        }
    }

    @Test
    void nothingIsDeletedThatIsNotOurs(@TempDir Path parent) throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path kept = Files.writeString(elsewhere.resolve("kept"), "precious");
        Path unowned = Files.createDirectory(parent.resolve("multishot-aeron-1-1-1"));
        Path linked = Files.createSymbolicLink(parent.resolve("multishot-aeron-1-1-2"), elsewhere);
        Path leftBehind = Files.createDirectory(parent.resolve("multishot-aeron-1-1-3"));
        Files.writeString(elsewhere.resolve("owner"), "");
        Files.writeString(leftBehind.resolve("owner"), "");
        Files.createSymbolicLink(leftBehind.resolve("driver"), elsewhere);
        Path otherName = Files.createDirectory(parent.resolve("aeron-1-1-4"));
        Files.writeString(otherName.resolve("owner"), "");

        DriverDirectory own = DriverDirectory.create(parent);

        assertThat(leftBehind).doesNotExist();
        assertThat(kept).hasContent("precious");
        assertThat(unowned).exists();
        assertThat(linked).exists();
        assertThat(otherName).exists();
        DriverDirectory second = DriverDirectory.create(parent);
        assertThat(own.path().getParent()).exists();
        second.close();
        own.close();
        own.close();
        assertThat(own.path().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "return", "exit"})
    void aJvmThatExitsDeletesItsFiles(String how) throws Exception {
        try (ChildProcess child = ChildProcess.start(EmbeddedMain.class, how)) {
            assertThat(child.exitStatus()).isEqualTo(how.equals("return") ? 0 : 1);

            assertThat(directoriesOf(child.pid())).isEmpty();
            assertThat(child.ownDriver()).doesNotExist();
        }
    }

    /** A file system in memory, of a certain size. Making one takes root. */
    private static final class Memory implements AutoCloseable {
        private final Path mounted;

        Memory(Path mounted, String size) throws Exception {
            this.mounted = mounted;
            assumeTrue(
                    succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mounted.toString()),
                    "no file system can be mounted here: that takes Linux and root");
        }

        private static boolean succeeds(String... command) throws InterruptedException {
            try {
                return new ProcessBuilder(command).start().waitFor() == 0;
            } catch (IOException notInstalled) {
                return false;
            }
        }

        @Override
        public void close() throws Exception {
            assertThat(succeeds("umount", mounted.toString())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeron:ipc", "aeron:udp?endpoint=localhost:"})
    void aContainersSharedMemoryIsEnough(String channel, @TempDir Path mounted) throws Exception {
        String to = channel.endsWith(":") ? channel + ChildProcess.freePort() : channel;
        try (Memory unused = new Memory(mounted, "64m");
                Engine engine = Engine.embedded(mounted.resolve("driver"));
                Responder responder = Responder.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(to)
                        .open((request, sender) -> EngineFixture.reply(sender, request));
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(to)
                        .open();
                Call<String> call = new Call<>()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            String large = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) { // fills all terms
                await().until(() -> call.ask(requester, large) == SendResult.ACCEPTED);
                assertThat(call.receive(TIMEOUT)).isEqualTo(large);
            }
            assertThat(responder.requesters()).isEqualTo(1);
            try (Stream<Path> files = Files.walk(mounted)) {
                long length = files.filter(Files::isRegularFile)
                        .mapToLong(each -> each.toFile().length())
                        .sum();
                assertThat(length).isLessThanOrEqualTo(EmbeddedDriver.NEEDED_BYTES);
            }
        }
    }

    @Test
    void tooLittleMemoryIsSaid(@TempDir Path mounted) throws Exception {
        try (Memory unused = new Memory(mounted, "28m")) {
            Path directory = mounted.resolve("driver");
            assertThatIllegalStateException()
                    .isThrownBy(() -> Engine.embedded(directory).close())
                    .withMessageContaining("has room for 28 MiB, and 30 MiB are needed")
                    .withMessageContaining("--shm-size");
            assertThat(directory).doesNotExist();
        }
        try (Memory unused = new Memory(mounted, "32m");
                Engine engine = Engine.embedded(mounted.resolve("driver"))) {
            assertThatThrownBy(() -> Requester.builder(engine, Codec.utf8(), Codec.utf8())
                            .channel("aeron:ipc?term-length=16m")
                            .open()
                            .close())
                    .isInstanceOf(RegistrationException.class)
                    .hasMessageContaining("three times its term-length")
                    .hasMessageContaining("--shm-size");
            assertThat(engine.isUsable()).isTrue();
        }
    }
}
