package io.multishot.examples;

import io.multishot.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;

/** A worker: answers one request after the other, until it is interrupted. */
final class Hasher implements Runnable {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final BlockingQueue<Request> requests;
    private final MessageDigest sha256 = Sha256.create();
    private final byte[] buffer = new byte[BUFFER_BYTES];

    Hasher(BlockingQueue<Request> requests) {
        this.requests = requests;
    }

    @Override
    public void run() {
        try {
            while (true) {
                answer(requests.take());
            }
        } catch (InterruptedException stopped) {
            // The reader is done, and nobody waits for an answer any more.
        }
    }

    /** Answers whatever happens, errors included: the reader waits for it. Consumes the sender as its last act. */
    private void answer(Request request) {
        Sender<Digest> answer = request.answer();
        Digest digest;
        try {
            digest = digest(request);
        } catch (Throwable reason) {
            answer.fail(reason);
            return;
        }
        answer.send(digest);
    }

    /** Reads the file. Stops early if the reader has left; the digest is worthless then, but nobody will get it. */
    private Digest digest(Request request) throws IOException {
        sha256.reset();
        long bytes = 0;
        try (InputStream file = Files.newInputStream(request.file())) {
            int read = file.read(buffer);
            while (read >= 0 && !request.answer().isAbandoned()) {
                sha256.update(buffer, 0, read);
                bytes += read;
                read = file.read(buffer);
            }
        }
        return new Digest(HexFormat.of().formatHex(sha256.digest()), bytes);
    }
}
