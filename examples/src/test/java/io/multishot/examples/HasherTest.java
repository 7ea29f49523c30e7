package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker by itself. */
class HasherTest {
    private static final Digest ABC = new Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3);

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Thread worker = new Thread(new Hasher(requests), "checksums-worker");
    private final Receiver<Digest> receiver = new Receiver<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        worker.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker.interrupt();
        Program.assertNoWorkerIsLeft();
    }

    @Test
    void evenAnErrorIsAnAnswerAndTheWorkerLivesOn() throws Exception {
        Error error = new OutOfMemoryError("as if");
        requests.add(new Request(failing(error), receiver.sender()));
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isSameAs(error);

        requests.add(new Request(Files.writeString(directory.resolve("abc"), "abc"), receiver.sender()));
        assertThat(receiver.receive()).isEqualTo(ABC);
    }

    @Test
    void aFileThatFailedHalfWayLeavesNothingInTheNextDigest() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(brokenZip())) {
            requests.add(new Request(zip.getPath("broken"), receiver.sender()));
            assertThatThrownBy(receiver::receive).hasCauseInstanceOf(ZipException.class);
        }

        requests.add(new Request(Files.writeString(directory.resolve("abc"), "abc"), receiver.sender()));
        assertThat(receiver.receive()).isEqualTo(ABC);
    }

    /** Holds a file that can be read, but not to its end. */
    private Path brokenZip() throws IOException {
        Path path = directory.resolve("zip");
        byte[] incompressible = new byte[1_000_000];
        new Random(1).nextBytes(incompressible);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new ZipEntry("broken"));
            zip.write(incompressible);
        }
        byte[] bytes = Files.readAllBytes(path);
        Arrays.fill(bytes, 600_000, 900_000, (byte) 0xff);
        return Files.write(path, bytes);
    }

    @Test
    void anAbandonedRequestIsNotReadToItsEnd() throws Exception {
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.isReadable(endless), "there is no such device here");
        Sender<Digest> answer = receiver.sender();
        requests.add(new Request(endless, answer));
        receiver.abandon();

        requests.add(new Request(Files.writeString(directory.resolve("abc"), "abc"), receiver.sender()));
        assertThat(receiver.receive()).isEqualTo(ABC);
    }

    /** A path that throws whatever is done with it. */
    private static Path failing(Error error) {
        return (Path) Proxy.newProxyInstance(
                HasherTest.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, arguments) -> {
                    throw error;
                });
    }
}
