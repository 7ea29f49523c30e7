package io.multishot;

import io.multishot.SlotState.Sentinel;
import io.multishot.SlotState.Waiter;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Drops the round of a sender that became unreachable before it was consumed, so that its receiver sees
 * {@link Poll#DROPPED} instead of waiting forever, and logs where the sender was made. Only the checked mode uses it.
 *
 * <p>{@link Receiver} says what it cannot see. It holds the channel weakly, so a channel that is garbage as a whole is
 * not reported. A sender that the waiting side itself keeps reachable is not garbage.
 *
 * <p>The detector's thread runs no user code. It unparks a waiting thread itself. Wakers and dependents of futures run
 * on one daemon thread, the logging back end on another; so neither can stop the detector, nor a slow log the wakers.
 * Both threads end when they have been idle for a second.
 */
final class LeakDetector {
    /**
     * The JDK's own kind of thread for cleaners: it inherits neither a context class loader nor an access-control
     * context from the thread that happens to be first, both of which would pin a class loader.
     */
    private static final Cleaner CLEANER = Cleaner.create();

    private static final ThreadPoolExecutor NOTIFIER = oneDaemonThread("multishot-leak-notifier");
    private static final ThreadPoolExecutor REPORTER = oneDaemonThread("multishot-leak-reporter");

    private LeakDetector() {}

    static Cleaner.Cleanable watch(CheckedSender<?> handle, CheckedSender.Cell<?> cell) {
        return CLEANER.register(handle, new DropIfLeaked(new WeakReference<>(cell)));
    }

    /** The thread is started by the detector's, and inherits what that has: nothing of the user's. */
    private static ThreadPoolExecutor oneDaemonThread(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, name, 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Runs on the detector's thread when the handle is unreachable, and on the user's thread when the sender was
     * consumed or detached.
     */
    private record DropIfLeaked(WeakReference<CheckedSender.Cell<?>> channel) implements Runnable {
        @Override
        public void run() {
            CheckedSender.Cell<?> cell = channel.get();
            if (cell == null) {
                return;
            }
            Object before = cell.dropLeaked();
            if (!Sender.isLive(before)) {
                return;
            }
            if (before instanceof ThreadWaiter parked) {
                parked.notifyOf(Sentinel.DROPPED); // runs no user code
            } else if (before instanceof Waiter waiter) {
                NOTIFIER.execute(() -> waiter.notifyOf(Sentinel.DROPPED));
            }
            UseRecord made = cell.made();
            REPORTER.execute(() -> report(made));
        }

        private static void report(UseRecord made) {
            System.getLogger("io.multishot")
                    .log(
                            System.Logger.Level.ERROR,
                            "a sender became unreachable before send, fail or drop; its round was dropped ["
                                    + made.where() + "]",
                            made);
        }
    }
}
