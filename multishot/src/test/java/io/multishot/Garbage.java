package io.multishot;

import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;

/** Makes the garbage collector run until a test sees what it waits for. */
final class Garbage {
    /** The collector works within milliseconds, unless the machine is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("multishot.leak.seconds", 30));

    private Garbage() {}

    static void collectUntilAsserted(Runnable assertion) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            System.gc();
            assertion.run();
        });
    }

    /** Waits until an object is gone, although these others are still reachable. */
    static void collectUntilGone(WeakReference<?> reference, Object... kept) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            System.gc();
            return reference.refersTo(null);
        });
        for (Object each : kept) {
            Reference.reachabilityFence(each);
        }
    }
}
