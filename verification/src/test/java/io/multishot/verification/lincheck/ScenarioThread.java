package io.multishot.verification.lincheck;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A second thread of a scenario, and what came of it. */
final class ScenarioThread<T> {
    /**
     * What the threads share, before they start. The model checker takes an object that it has not seen escape for
     * private to its thread, and on newer JDKs it cannot look into lambdas: without this it would miss races, in
     * silence.
     */
    @SuppressWarnings("unused")
    private static volatile Object[] escaped;

    private final Thread thread;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    private ScenarioThread(Callable<T> part) {
        thread = new Thread(() -> run(part));
    }

    private ScenarioThread(long id, Callable<T> part) {
        thread = new Thread(() -> run(part)) {
            @Override
            public long getId() {
                return id;
            }
        };
    }

    private void run(Callable<T> part) {
        try {
            result = part.call();
        } catch (Throwable failure) {
            thrown = failure;
        }
    }

    static <T> ScenarioThread<T> start(Callable<T> part, Object... shared) {
        escaped = shared;
        ScenarioThread<T> party = new ScenarioThread<>(part);
        party.thread.start();
        return party;
    }

    /** The same, on a thread with this id: for what depends on ids, since no interleaving could be repeated else. */
    static <T> ScenarioThread<T> start(long id, Callable<T> part, Object... shared) {
        escaped = shared;
        ScenarioThread<T> party = new ScenarioThread<>(id, part);
        party.thread.start();
        return party;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread is done, and returns or throws what its part returned or threw. */
    T join() throws Throwable {
        thread.join();
        if (thrown != null) {
            throw thrown;
        }
        return result;
    }
}
