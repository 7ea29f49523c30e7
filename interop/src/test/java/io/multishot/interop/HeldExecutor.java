package io.multishot.interop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/** An executor that runs its tasks when the test says so, on the test's thread. */
final class HeldExecutor implements Executor {
    private final BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        held.add(task);
    }

    /** Returns whether tasks are waiting. */
    boolean holds() {
        return !held.isEmpty();
    }

    /** Runs the tasks that are waiting, and those that they submit. */
    void run() {
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            task.run();
        }
    }

    /** Runs one task after another, and waits for more, until the future is done. */
    void runUntilDone(Future<?> future) throws InterruptedException {
        while (!future.isDone()) {
            held.take().run();
        }
    }
}
