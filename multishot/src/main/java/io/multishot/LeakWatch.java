package io.multishot;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Drops the round of a sender that became unreachable before it was consumed, so that its receiver sees
 * {@link Poll#DROPPED} instead of waiting for ever, and logs where the sender was made. Only the checked mode uses it.
 *
 * <p>What it cannot see is told in {@link Receiver}: it holds the channel weakly, so a channel that is garbage as a
 * whole goes in silence; and a sender that the waiting side itself keeps reachable is not garbage.
 *
 * <p>User code (the waker, a future's dependents, the logging back end) runs on a thread of its own for each leak,
 * never on the watcher's, so that a slow one cannot blind the watcher.
 */
final class LeakWatch {
    private static final Cleaner CLEANER = Cleaner.create(task -> daemon("multishot-leak-watch", task));

    private LeakWatch() {}

    static Cleaner.Cleanable watch(CheckedSender<?> handle, CheckedSender.Cell<?> cell) {
        return CLEANER.register(handle, new Drop(new WeakReference<>(cell)));
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // and not that of who came first
        return thread;
    }

    /** Runs on the watcher's thread when the handle is gone, and on its user's when it was consumed or detached. */
    private record Drop(WeakReference<CheckedSender.Cell<?>> channel) implements Runnable {
        @Override
        public void run() {
            CheckedSender.Cell<?> cell = channel.get();
            if (cell == null || cell.isUsed()) {
                return;
            }
            Trace leaked = new Trace("sender became unreachable", cell.made());
            if (cell.claim(leaked) != null) {
                return;
            }
            Object before = cell.slotGetAndSet(Mark.DROPPED);
            if (!Sender.isLive(before)) {
                return;
            }
            boolean parked = before instanceof ThreadWaiter;
            if (parked) {
                wake(before); // runs no user code, so it need not wait for the report
            }
            daemon("multishot-leak-report", () -> {
                        report(cell.made());
                        if (!parked) {
                            wake(before);
                        }
                    })
                    .start();
        }

        private static void report(Trace made) {
            System.getLogger("io.multishot")
                    .log(
                            System.Logger.Level.ERROR,
                            "a sender became unreachable before send, fail or drop; its round was dropped ["
                                    + made.where() + "]",
                            made);
        }

        private static void wake(@Nullable Object before) {
            if (before instanceof Waiter waiter) {
                waiter.wake(Mark.DROPPED);
            }
        }
    }
}
