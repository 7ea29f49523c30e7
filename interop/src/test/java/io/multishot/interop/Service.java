package io.multishot.interop;

import io.multishot.Sender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service on a thread of its own, which answers through the senders that it is given. */
final class Service implements AutoCloseable {
    /** The name of its thread. */
    static final String THREAD = "service";

    /** What it fails with when it is asked {@code "1 / 0"}. A class of its own, with a field: nobody copies that. */
    @SuppressWarnings("serial") // nobody writes it anywhere
    static final class Undefined extends RuntimeException {
        final int divisor = 0;
    }

    final Undefined undefined = new Undefined();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, THREAD));

    private final CompletableFuture<Sender<String>> held = new CompletableFuture<>();

    /**
     * Asks it: {@code "6 * 7"} gets a value, {@code "1 / 0"} a failure, {@code "nobody knows"} is dropped, and the
     * answer to {@code "why?"} comes when the test says so, by {@link #answerLate}.
     */
    void ask(String question, Sender<String> sender) {
        thread.execute(() -> answer(question, sender));
    }

    private void answer(String question, Sender<String> sender) {
        switch (question) {
            case "6 * 7" -> sender.send("42");
            case "1 / 0" -> sender.fail(undefined);
            case "nobody knows" -> sender.drop();
            case "why?" -> held.complete(sender);
            default -> throw new IllegalArgumentException(question);
        }
    }

    /** Sends this in answer to {@code "why?"}, once that was asked, and returns what {@code send} said. */
    boolean answerLate(String answer) {
        return held.thenApplyAsync(sender -> sender.send(answer), thread).join();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
