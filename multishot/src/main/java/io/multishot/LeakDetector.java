package io.multishot;

import io.multishot.SlotState.Sentinel;
import io.multishot.SlotState.Waiter;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Drops the round of a sender that became unreachable before it was consumed, so that its receiver sees
 * {@link Poll#DROPPED} instead of waiting for ever, and logs where the sender was made. Only the checked mode uses it.
 *
 * <p>{@link Receiver} says what it cannot see. It holds the channel weakly, so a channel that is garbage as a whole is
 * not reported. A sender that the waiting side itself keeps reachable is not garbage.
 *
 * <p>User code (the waker, dependents of a future, the logging back end) runs on a thread of its own for each leak,
 * never on the detector's, so that slow user code cannot stop the detector.
 */
final class LeakDetector {
    private static final Cleaner CLEANER = Cleaner.create(task -> daemon("multishot-leak-watch", task));

    private LeakDetector() {}

    static Cleaner.Cleanable watch(CheckedSender<?> handle, CheckedSender.Cell<?> cell) {
        return CLEANER.register(handle, new DropIfLeaked(new WeakReference<>(cell)));
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // not the one of the first caller
        return thread;
    }

    /**
     * Runs on the detector's thread when the handle is unreachable, and on the user's thread when the sender was
     * consumed or detached.
     */
    private record DropIfLeaked(WeakReference<CheckedSender.Cell<?>> channel) implements Runnable {
        @Override
        public void run() {
            CheckedSender.Cell<?> cell = channel.get();
            if (cell == null || cell.isUsed()) {
                return;
            }
            UseRecord leaked = new UseRecord("sender became unreachable", cell.made());
            if (cell.claim(leaked) != null) {
                return;
            }
            Object before = cell.slotGetAndSet(Sentinel.DROPPED);
            if (!Sender.isLive(before)) {
                return;
            }
            boolean parked = before instanceof ThreadWaiter;
            if (parked) {
                notifyWaiter(before); // runs no user code, so it need not wait for the report
            }
            daemon("multishot-leak-report", () -> {
                        report(cell.made());
                        if (!parked) {
                            notifyWaiter(before);
                        }
                    })
                    .start();
        }

        private static void report(UseRecord made) {
            System.getLogger("io.multishot")
                    .log(
                            System.Logger.Level.ERROR,
                            "a sender became unreachable before send, fail or drop; its round was dropped ["
                                    + made.where() + "]",
                            made);
        }

        private static void notifyWaiter(@Nullable Object before) {
            if (before instanceof Waiter waiter) {
                waiter.notifyOf(Sentinel.DROPPED);
            }
        }
    }
}
