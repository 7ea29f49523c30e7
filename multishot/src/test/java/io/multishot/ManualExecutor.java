package io.multishot;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs what it was given when the test says so, in the test's thread. Allocates nothing after a while. */
final class ManualExecutor implements Executor {
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

    @Override
    public void execute(Runnable command) {
        queue.addLast(command);
    }

    int size() {
        return queue.size();
    }

    /** Runs the oldest; there must be one. */
    void runNext() {
        queue.removeFirst().run();
    }

    /** Runs until nothing is left, and returns how many it ran. */
    int runAll() {
        int ran = 0;
        while (!queue.isEmpty()) {
            runNext();
            ran++;
        }
        return ran;
    }
}
