package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.SenderFailedException;
import io.multishot.examples.Worker.Digest;
import io.multishot.examples.Worker.Request;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WorkerTest {
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Receiver<Digest> receiver = new Receiver<>();

    @Test
    void anErrorIsAReplyAndTheWorkerGoesOn() throws Exception {
        Error error = new OutOfMemoryError("as if");
        Digest digest = new Digest("", 0);
        try (Workers threads = new Workers("worker", 1)) {
            threads.execute(new Worker(requests) {
                @Override
                Digest digest(Request request) {
                    if (request.file().endsWith("bad")) {
                        throw error;
                    }
                    return digest;
                }
            });
            requests.add(new Request(Path.of("bad"), receiver.sender()));
            assertThatThrownBy(receiver::receive)
                    .isInstanceOf(SenderFailedException.class)
                    .hasCause(error);
            requests.add(new Request(Path.of("good"), receiver.sender()));
            assertThat(receiver.receive()).isSameAs(digest);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anAbandonedFileIsNotReadToItsEnd() throws Exception {
        try (Workers threads = new Workers("worker", 1)) {
            threads.execute(new LocalWorker(requests));
            requests.add(new Request(Path.of("/dev/zero"), receiver.sender()));
            Thread.sleep(10); // often it is being read by now
            receiver.abandon();
            requests.add(new Request(Path.of("/dev/null"), receiver.sender()));
            assertThat(receiver.receive().bytes()).isZero();
        }
    }
}
