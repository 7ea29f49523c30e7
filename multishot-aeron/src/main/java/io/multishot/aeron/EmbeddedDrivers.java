package io.multishot.aeron;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The embedded drivers of this process. If the JVM exits while they run, a shutdown hook ends them. */
final class EmbeddedDrivers {
    /** For all of them together. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(3);

    // Guarded by the lock of this class

    private static final Set<EmbeddedDriver> RUNNING = new HashSet<>();
    private static @Nullable Thread hook;

    private EmbeddedDrivers() {}

    /**
     * Adds a driver.
     *
     * @throws IllegalStateException if the JVM is exiting
     */
    static synchronized void add(EmbeddedDriver driver) {
        if (hook == null) {
            Thread created = new Thread(EmbeddedDrivers::closeAll, "multishot-aeron-shutdown");
            Runtime.getRuntime().addShutdownHook(created);
            hook = created;
        }
        RUNNING.add(driver);
    }

    static synchronized void remove(EmbeddedDriver driver) {
        RUNNING.remove(driver);
        if (RUNNING.isEmpty() && hook != null) {
            try {
                boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
                hook = null;
            } catch (IllegalStateException exiting) {
                // the hook is running, or is about to
            }
        }
    }

    private static synchronized List<EmbeddedDriver> running() {
        return new ArrayList<>(RUNNING);
    }

    private static void closeAll() {
        Map<EmbeddedDriver, Thread> closing = new HashMap<>();
        for (EmbeddedDriver each : running()) {
            closing.put(each, EmbeddedDriver.newDaemon(each::close, "multishot-aeron-closing"));
        }
        closing.values().forEach(Thread::start);
        long start = System.nanoTime();
        closing.forEach((driver, thread) -> {
            if (!hasEnded(thread, CLOSE_NANOS - (System.nanoTime() - start))) {
                driver.deleteFiles();
            }
        });
    }

    private static boolean hasEnded(Thread thread, long timeoutNanos) {
        try {
            thread.join(Math.max(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1));
        } catch (InterruptedException nobodyInterruptsAHook) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
