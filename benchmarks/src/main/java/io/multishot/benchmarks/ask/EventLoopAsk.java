package io.multishot.benchmarks.ask;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requester and responder are two event loops, which is two executors with one thread each. Neither ever blocks: the
 * request is a job for the responder's loop, and the reply makes a job for the requester's. One invocation asks many
 * times, one after the other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class EventLoopAsk {
    /** How often one invocation asks. */
    static final int REQUESTS = 1000;

    /** The reply to every request. */
    final Value value = new Value(42);

    /** The requester's loop. */
    final ExecutorService loop = Executors.newSingleThreadExecutor();

    /** The responder's loop. */
    final ExecutorService responder = Executors.newSingleThreadExecutor();

    private final Semaphore done = new Semaphore(0);
    private int left;
    private @Nullable Value last;

    /** For the contenders. */
    protected EventLoopAsk() {}

    /** Ends the loops. */
    @TearDown
    public void stop() {
        loop.shutdown();
        responder.shutdown();
    }

    /**
     * Asks again and again.
     *
     * @return the last reply
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public @Nullable Value eventLoop() throws InterruptedException {
        left = REQUESTS;
        last = null;
        loop.execute(this::ask);
        done.acquire();
        return last;
    }

    /** Asks, on the requester's loop, so that {@link #replied} is called there. */
    abstract void ask();

    /** Takes the reply, on the requester's loop. Returns true if it asks for more. */
    final boolean replied(Value reply) {
        if (--left > 0) {
            return true;
        }
        last = reply;
        done.release();
        return false;
    }

    /** The reply is a field, and a job that was made before. */
    @Contender(value = "floor: a job back", role = Role.FLOOR)
    public static class Floor extends EventLoopAsk {
        /** What the responder does. */
        final Runnable reply = this::reply;

        /** What the requester does then. */
        final Runnable step = this::step;

        private @Nullable Value slot;

        /** For JMH. */
        public Floor() {}

        @Override
        void ask() {
            responder.execute(reply);
        }

        private void reply() {
            slot = value;
            loop.execute(step);
        }

        private void step() {
            if (replied(Objects.requireNonNull(slot))) {
                ask();
            }
        }
    }

    /** A receiver, polled by a task on the loop. */
    @Contender(value = "multishot, Task", role = Role.OURS)
    @SuppressWarnings("this-escape") // the task does not run before it is woken
    public static class Multishot extends EventLoopAsk {
        /** What the responder does. */
        final Runnable reply = this::reply;

        private final Receiver<Value> receiver = Receiver.recycling();
        private final Task task = new Task(loop, this::step);
        private @Nullable Sender<Value> sender;

        /** For JMH. */
        public Multishot() {}

        @Override
        void ask() {
            begin();
            step();
        }

        private void begin() {
            sender = receiver.sender();
            responder.execute(reply);
        }

        private void reply() {
            Sender<Value> asked = sender;
            if (asked != null) {
                asked.send(value);
            }
        }

        private void step() {
            while (receiver.poll(task) == Poll.READY) {
                if (replied(receiver.take())) {
                    begin();
                }
            }
        }
    }

    /** A new future for each request, whose continuation runs on the loop. */
    @Contender("CompletableFuture, thenAcceptAsync")
    public static class Future extends EventLoopAsk {
        /** What the requester does with the reply. */
        final Consumer<Value> step = this::step;

        /** For JMH. */
        public Future() {}

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what thenAcceptAsync returns
        void ask() {
            CompletableFuture<Value> future = new CompletableFuture<>();
            future.thenAcceptAsync(step, loop);
            responder.execute(() -> future.complete(value));
        }

        private void step(Value reply) {
            if (replied(reply)) {
                ask();
            }
        }
    }

    /** A new settable future for each request, whose callback runs on the loop. */
    @Contender("Guava SettableFuture, addCallback")
    public static class Guava extends EventLoopAsk {
        private final FutureCallback<Value> step = new FutureCallback<>() {
            @Override
            public void onSuccess(Value reply) {
                if (replied(reply)) {
                    ask();
                }
            }

            @Override
            public void onFailure(Throwable thrown) {
                throw new IllegalStateException(thrown);
            }
        };

        /** For JMH. */
        public Guava() {}

        @Override
        void ask() {
            SettableFuture<Value> future = SettableFuture.create();
            Futures.addCallback(future, step, loop);
            responder.execute(() -> future.set(value));
        }
    }

    /** A new promise for each request, whose listener hands over to the loop. */
    @Contender("Netty DefaultPromise, a listener on the loop")
    @SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
    public static class Netty extends EventLoopAsk {
        /** What is done when the reply is there. */
        final FutureListener<Value> listener = done -> loop.execute(() -> step(Objects.requireNonNull(done.getNow())));

        /** For JMH. */
        public Netty() {}

        @Override
        void ask() {
            DefaultPromise<Value> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
            promise.addListener(listener);
            responder.execute(() -> promise.setSuccess(value));
        }

        private void step(Value reply) {
            if (replied(reply)) {
                ask();
            }
        }
    }
}
