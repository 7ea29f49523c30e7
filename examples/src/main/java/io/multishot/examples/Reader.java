package io.multishot.examples;

import io.multishot.Receiver;
import io.multishot.SenderFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * The one task that asks the workers and prints what they answer, in the order of the list.
 *
 * <p>Its receivers form a ring. It waits for the oldest request first, and uses that receiver again for the next one.
 * So no more requests are outstanding than there are receivers, and their number does not grow with the list.
 */
final class Reader implements AutoCloseable {
    private final List<ListedFile> files;
    private final List<Receiver<Digest>> ring;
    private final Queue<Request> requests;
    private final Screen screen;

    private long answered;
    private long digests;
    private long bytes;

    /**
     * Makes a reader.
     *
     * @param channels the most requests to have outstanding; not more are ever put into the queue
     */
    Reader(List<ListedFile> files, int channels, Queue<Request> requests, Screen screen) {
        this.files = files;
        this.ring = Stream.generate(Receiver<Digest>::new).limit(channels).toList();
        this.requests = requests;
        this.screen = screen;
    }

    void readAll() throws IOException, InterruptedException {
        int channels = ring.size();
        for (int next = 0; next < files.size() + channels; next++) {
            Receiver<Digest> receiver = ring.get(next % channels);
            if (next >= channels) {
                receive(receiver, files.get(next - channels).name());
            }
            if (next < files.size()) {
                requests.add(new Request(files.get(next).path(), receiver.sender()));
            }
        }
    }

    private void receive(Receiver<Digest> receiver, FileName name) throws IOException, InterruptedException {
        try {
            Digest digest = receiver.receive();
            digests++;
            bytes += digest.bytes();
            screen.result(digest, name);
        } catch (SenderFailedException failed) {
            screen.problem(name, failed.getCause());
        }
        answered++;
        screen.progress(answered);
    }

    Summary summary() {
        return new Summary(digests, bytes, answered, ring.size());
    }

    /** Leaves the rounds that are not over: their workers see it and stop. */
    @Override
    public void close() {
        ring.forEach(Receiver::close);
    }
}
