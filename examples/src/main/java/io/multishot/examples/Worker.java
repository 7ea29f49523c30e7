package io.multishot.examples;

import io.multishot.Sender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;

/** Answers one request after another, each through the sender that came with it, until the thread is interrupted. */
abstract class Worker implements Runnable {
    private final BlockingQueue<Request> requests;

    Worker(BlockingQueue<Request> requests) {
        this.requests = requests;
    }

    /** Reads the file, and stops early if the reply is abandoned. */
    abstract Digest digest(Request request) throws IOException, InterruptedException;

    @Override
    public final void run() {
        try {
            while (true) {
                answer(requests.take());
            }
        } catch (InterruptedException stopped) {
            // The program ends, and the replies are no longer awaited.
        }
    }

    /** Answers whatever happens, errors included: the requester is waiting. */
    private void answer(Request request) {
        try {
            request.reply().sendFrom(() -> digest(request));
        } catch (Throwable sent) {
            // The requester has it as the cause of its failure.
            if (sent instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A file whose digest is wanted, and where the digest goes. */
    record Request(Path file, Sender<Digest> reply) {}

    /** The SHA-256 of a file in hexadecimal digits, and the number of bytes that were read. */
    record Digest(String hex, long bytes) {}
}
