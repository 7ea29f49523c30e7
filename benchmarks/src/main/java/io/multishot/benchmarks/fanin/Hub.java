package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Value;
import java.util.concurrent.LinkedTransferQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The one responder of many requesters, with one queue for all their questions. */
@State(Scope.Benchmark)
public class Hub {
    private final LinkedTransferQueue<ManyRequesters> questions = new LinkedTransferQueue<>();
    private final Value value = new Value(42);
    private @Nullable Thread responder;

    /** For JMH. */
    public Hub() {}

    /** Starts the responder. */
    @Setup
    public void start() {
        Thread thread = new Thread(this::respond, "responder");
        thread.start();
        responder = thread;
    }

    /**
     * Ends the responder.
     *
     * @throws InterruptedException if the caller is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        Thread thread = responder;
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    void ask(ManyRequesters requester) {
        questions.add(requester);
    }

    private void respond() {
        try {
            while (true) {
                questions.take().answer(value);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
