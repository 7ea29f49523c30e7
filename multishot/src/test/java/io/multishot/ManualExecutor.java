package io.multishot;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Queues its commands until the test runs them, on the test's thread. Allocates nothing after a while. */
final class ManualExecutor implements Executor {
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

    @Override
    public void execute(Runnable command) {
        queue.addLast(command);
    }

    int size() {
        return queue.size();
    }

    /** Runs the oldest command; there must be one. */
    void runNext() {
        queue.removeFirst().run();
    }

    /** Runs commands until none is left, and returns their number. */
    int runAll() {
        int ran = 0;
        while (!queue.isEmpty()) {
            runNext();
            ran++;
        }
        return ran;
    }
}
