package io.multishot.benchmarks.memory;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.ChannelKt;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

/** Makes many channels, uses each once, and lets them be. */
final class Idle {
    private static final Object VALUE = "value";

    /** What is registered with the receivers. */
    final Waker waker = () -> {};
    /** What is registered with the futures. */
    final BiConsumer<@Nullable Object, @Nullable Throwable> callback = (value, thrown) -> {};

    List<Subject<Supplier<Object>>> subjects() {
        return List.of(
                new Subject<>("multishot", Role.OURS, 0, () -> used(new Receiver<>())),
                new Subject<>("multishot, guarded", Role.OURS, 1, () -> used(Receiver.guarded())),
                new Subject<>("CompletableFuture, whenComplete, pending", this::future),
                new Subject<>("LinkedTransferQueue", () -> used(new LinkedTransferQueue<>())),
                new Subject<>("ArrayBlockingQueue(1)", () -> used(new ArrayBlockingQueue<>(1))),
                new Subject<>("JCTools SpscArrayQueue", () -> used(new SpscArrayQueue<>(1))),
                new Subject<>("Agrona OneToOneConcurrentArrayQueue", () -> used(new OneToOneConcurrentArrayQueue<>(1))),
                new Subject<>("Kotlin Channel(1)", () -> ChannelKt.Channel(1, BufferOverflow.SUSPEND, null)));
    }

    static List<Finding> measure(Supplier<Object> maker, int count) {
        List<Object> channels = new ArrayList<>(count);
        long before = Heap.live();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            channels.add(maker.get());
        }
        long time = System.nanoTime() - start;
        long bytes = Heap.live() - before;
        return List.of(
                new Finding("channels", "", channels.size()),
                new Finding("bytes each", "B", (double) bytes / count),
                new Finding("time to make and use one", "ns", (double) time / count));
    }

    private Object used(Receiver<Object> receiver) {
        Sender<Object> sender = receiver.sender();
        if (receiver.poll(waker) != Poll.PENDING || !sender.send(VALUE)) {
            throw new IllegalStateException("no round");
        }
        receiver.take();
        return receiver;
    }

    private static Object used(Queue<Object> queue) {
        queue.add(VALUE);
        queue.remove();
        return queue;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
    private Object future() {
        CompletableFuture<Object> future = new CompletableFuture<>();
        future.whenComplete(callback);
        return future;
    }
}
