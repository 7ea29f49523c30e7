package io.multishot.verification.lincheck;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A second thread of a scenario, and its result. */
final class ScenarioThread<T> {
    /**
     * The objects that the threads share, stored before the threads start. The model checker treats an object that it
     * has not seen escape as private to its thread, and on newer JDKs it cannot inspect lambdas. Without this field it
     * would silently miss races.
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

    /** Starts a thread that has this id, for code that depends on ids: otherwise no interleaving could be repeated. */
    static <T> ScenarioThread<T> start(long id, Callable<T> part, Object... shared) {
        escaped = shared;
        ScenarioThread<T> party = new ScenarioThread<>(id, part);
        party.thread.start();
        return party;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread has ended, and returns or throws what its part returned or threw. */
    T join() throws Throwable {
        thread.join();
        if (thrown != null) {
            throw thrown;
        }
        return result;
    }
}
