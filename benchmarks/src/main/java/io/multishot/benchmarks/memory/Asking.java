package io.multishot.benchmarks.memory;

import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.ask.AskFuture;
import io.multishot.benchmarks.ask.AskFutureById;
import io.multishot.benchmarks.ask.AskMultishot;
import io.multishot.benchmarks.ask.AskMultishotGuarded;
import io.multishot.benchmarks.ask.AskTransferQueue;
import io.multishot.benchmarks.ask.ParkingAsk;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks for a while, in a small heap, and counts the garbage collections meanwhile. */
final class Asking {
    private static final int WARMUP = 2_000;
    private static final int BETWEEN_LOOKS = 1000;

    private Asking() {}

    static List<Subject<Supplier<ParkingAsk>>> subjects() {
        return List.of(
                new Subject<>("multishot", Role.OURS, 0, AskMultishot::new),
                new Subject<>("multishot, guarded", Role.OURS, 1, AskMultishotGuarded::new),
                new Subject<>("CompletableFuture", AskFuture::new),
                new Subject<>("CompletableFuture in a ConcurrentHashMap by id", AskFutureById::new),
                new Subject<>("LinkedTransferQueue", AskTransferQueue::new));
    }

    static List<Finding> measure(Supplier<ParkingAsk> maker, int seconds) throws Exception {
        ParkingAsk ask = maker.get();
        ask.start(false);
        try {
            ask(ask, WARMUP);
            Heap.live();
            long collections = collections();
            long rounds = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
                ask(ask, BETWEEN_LOOKS);
                rounds += BETWEEN_LOOKS;
            }
            return List.of(
                    new Finding("seconds", "s", seconds),
                    new Finding("questions", "", rounds),
                    new Finding("garbage collections", "", collections() - collections));
        } finally {
            ask.stop();
        }
    }

    private static void ask(ParkingAsk ask, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            ask.parked();
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
