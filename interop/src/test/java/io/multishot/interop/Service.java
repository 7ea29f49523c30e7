package io.multishot.interop;

import io.multishot.Sender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service with a thread of its own, which answers each question through the sender that comes with it. */
final class Service implements AutoCloseable {
    /** The name of its thread. */
    static final String THREAD = "service";

    /** The failure of {@code "1 / 0"}. Coroutines do not copy an exception that has a field. */
    @SuppressWarnings("serial") // never serialized
    static final class Undefined extends RuntimeException {
        final int divisor = 0;
    }

    final Undefined undefined = new Undefined();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, THREAD));

    private final CompletableFuture<Sender<String>> held = new CompletableFuture<>();

    /**
     * Asks a question: {@code "6 * 7"} gets a value, {@code "1 / 0"} a failure, {@code "nobody knows"} is dropped, and
     * {@code "why?"} is answered when the test calls {@link #answerLate}.
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

    /** Answers {@code "why?"} as soon as that has been asked, and returns the result of {@code send}. */
    boolean answerLate(String answer) {
        return held.thenApplyAsync(sender -> sender.send(answer), thread).join();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
