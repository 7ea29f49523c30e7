package io.multishot.examples.wire;

import io.multishot.Waker;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a program has begun and not yet finished. There are at most so many; each is used again when it is
 * finished, and they are finished in the order in which they were begun. For one thread, which does both: it begins
 * requests as long as it can, and only then waits for the oldest one.
 *
 * @param <R> a request
 */
public final class Window<R> {
    /**
     * Finishes a request.
     *
     * @param <R> a request
     */
    @FunctionalInterface
    public interface Finish<R> {
        /**
         * Waits for the outcome of a request, and does with it what is to be done.
         *
         * @param request the oldest one that is not finished
         * @throws IOException if the program cannot go on
         * @throws InterruptedException if the thread is interrupted while it waits
         */
        void finish(R request) throws IOException, InterruptedException;
    }

    private final List<R> ring;
    private final Finish<R> finish;
    private final OutputStream out;
    private final Semaphore room = new Semaphore(0);
    private long begun;
    private long finished;

    /**
     * Makes a window.
     *
     * @param size the greatest number of requests begun and not finished
     * @param maker makes that many requests
     * @param finish what finishes them
     * @param out what is flushed before this waits, because others may wait for what was printed
     */
    public Window(int size, Supplier<R> maker, Finish<R> finish, OutputStream out) {
        this.ring = Stream.generate(maker).limit(size).toList();
        this.finish = finish;
        this.out = out;
    }

    /**
     * Returns the next line. Finishes requests, until all are finished, as long as it would have to wait for the line.
     *
     * @param lines the input
     * @return the line, or null at the end
     * @throws IOException if the lines cannot be read, or as {@link Finish#finish}
     * @throws InterruptedException as {@link Finish#finish}
     */
    public byte @Nullable [] nextLine(Lines lines) throws IOException, InterruptedException {
        while (finished < begun && !lines.isReady()) {
            finishOldest();
        }
        if (finished == begun) {
            out.flush();
        }
        return lines.next();
    }

    /**
     * Returns a request to begin. Finishes the oldest one first if the window is full.
     *
     * @return a request, which counts as begun
     * @throws IOException as {@link Finish#finish}
     * @throws InterruptedException as {@link Finish#finish}
     */
    public R next() throws IOException, InterruptedException {
        if (begun - finished == ring.size()) {
            finishOldest();
        }
        return ring.get((int) (begun++ % ring.size()));
    }

    /**
     * Waits for room in a client that is full, as it is when replies to requests that were given up are still to come.
     *
     * @param onRoom registers a waker with the client
     * @throws IOException if the output cannot be flushed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitRoom(Consumer<Waker> onRoom) throws IOException, InterruptedException {
        out.flush();
        onRoom.accept(room::release);
        room.acquire();
    }

    /**
     * Finishes all requests that were begun.
     *
     * @throws IOException as {@link Finish#finish}
     * @throws InterruptedException as {@link Finish#finish}
     */
    public void finishAll() throws IOException, InterruptedException {
        while (finished < begun) {
            finishOldest();
        }
    }

    private void finishOldest() throws IOException, InterruptedException {
        finish.finish(ring.get((int) (finished++ % ring.size())));
    }
}
