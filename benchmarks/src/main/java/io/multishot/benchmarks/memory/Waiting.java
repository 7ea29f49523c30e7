package io.multishot.benchmarks.memory;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets many virtual threads wait, each for a channel of its own, and then wakes them all. */
final class Waiting {
    private static final Object VALUE = "value";

    private Waiting() {}

    /** A way to wait. */
    interface Wait {
        void await() throws Exception;

        void wake();
    }

    static List<Subject<Supplier<Wait>>> subjects() {
        return List.of(
                new Subject<>("floor: park and unpark", Role.FLOOR, 0, Parked::new),
                new Subject<>("multishot", Role.OURS, 0, Received::new),
                new Subject<>("CompletableFuture", Completed::new),
                new Subject<>("LinkedTransferQueue", Queued::new));
    }

    static List<Finding> measure(Supplier<Wait> maker, int count) throws InterruptedException {
        List<Wait> waits = new ArrayList<>(count);
        List<Thread> threads = new ArrayList<>(count);
        Semaphore waiting = new Semaphore(0);
        Semaphore woken = new Semaphore(0);
        long before = Heap.live();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Wait wait = maker.get();
            waits.add(wait);
            threads.add(VirtualThreads.start(() -> {
                waiting.release();
                try {
                    wait.await();
                    woken.release();
                } catch (Exception thrown) {
                    throw new IllegalStateException(thrown);
                }
            }));
        }
        waiting.acquire(count);
        long built = System.nanoTime();
        long bytes = Heap.live() - before;
        long told = System.nanoTime();
        waits.forEach(Wait::wake);
        woken.acquire(count);
        long end = System.nanoTime();
        return List.of(
                new Finding("threads", "", threads.size()),
                new Finding("bytes each, thread included", "B", (double) bytes / count),
                new Finding("time to build all", "ms", (built - start) / 1e6),
                new Finding("time to wake all", "ms", (end - told) / 1e6));
    }

    private static final class Parked implements Wait {
        private volatile boolean told;
        private volatile @Nullable Thread thread;

        @Override
        public void await() {
            thread = Thread.currentThread();
            while (!told) {
                LockSupport.park(this);
            }
        }

        @Override
        public void wake() {
            told = true;
            LockSupport.unpark(thread);
        }
    }

    private static final class Received implements Wait {
        private final Receiver<Object> receiver = new Receiver<>();
        private final Sender<Object> sender = receiver.sender();

        @Override
        public void await() throws InterruptedException {
            receiver.receive();
        }

        @Override
        public void wake() {
            sender.send(VALUE);
        }
    }

    private static final class Completed implements Wait {
        private final CompletableFuture<Object> future = new CompletableFuture<>();

        @Override
        public void await() throws Exception {
            future.get();
        }

        @Override
        public void wake() {
            future.complete(VALUE);
        }
    }

    private static final class Queued implements Wait {
        private final BlockingQueue<Object> queue = new LinkedTransferQueue<>();

        @Override
        public void await() throws InterruptedException {
            queue.take();
        }

        @Override
        public void wake() {
            queue.add(VALUE);
        }
    }
}
