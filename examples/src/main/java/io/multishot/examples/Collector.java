package io.multishot.examples;

import io.multishot.Receiver;
import io.multishot.SenderFailedException;
import io.multishot.examples.Worker.Digest;
import io.multishot.examples.Worker.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * Requests the digest of each file, and prints the replies in the order of the files.
 *
 * <p>Its receivers form a ring: it awaits the oldest request, then uses that receiver again for the next one. So there
 * are never more requests in flight than receivers, and a file allocates no channel, only its sender.
 */
final class Collector implements AutoCloseable {
    private final List<Path> files;
    private final List<Receiver<Digest>> ring;
    private final Queue<Request> requests;
    private final Output output;

    private long replies;
    private long digests;
    private long bytes;

    /**
     * Makes a collector.
     *
     * @param channels the greatest number of requests in flight, and so in the queue
     * @param requests the queue that workers take requests from
     */
    Collector(List<Path> files, int channels, Queue<Request> requests, Output output) {
        this.files = files;
        this.ring = Stream.generate(Receiver<Digest>::new).limit(channels).toList();
        this.requests = requests;
        this.output = output;
    }

    void collect() throws IOException, InterruptedException {
        int channels = ring.size();
        for (int next = 0; next < files.size() + channels; next++) {
            Receiver<Digest> receiver = ring.get(next % channels);
            if (next >= channels) {
                print(receiver, files.get(next - channels));
            }
            if (next < files.size()) {
                requests.add(new Request(files.get(next), receiver.sender()));
            }
        }
    }

    private void print(Receiver<Digest> receiver, Path file) throws IOException, InterruptedException {
        try {
            Digest digest = receiver.receive();
            digests++;
            bytes += digest.bytes();
            output.result(digest, file);
        } catch (SenderFailedException failed) {
            output.failure(file, failed.getCause());
        }
        replies++;
    }

    /** Returns what was done, on one line. */
    String summary() {
        return count(digests, "file") + ", " + count(bytes, "byte") + ", " + count(replies, "round") + ", "
                + count(ring.size(), "channel");
    }

    private static String count(long count, String noun) {
        return String.format(Locale.ENGLISH, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /** Abandons the rounds in progress, at which their workers stop. */
    @Override
    public void close() {
        ring.forEach(Receiver::close);
    }
}
