package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.netty.util.Recycler;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** Netty's promises, a new one for each round. */
public final class NettyPromises {
    private NettyPromises() {}

    /** A new promise for each round, that notifies its listener on the sender's thread. */
    @Contender("Netty DefaultPromise")
    @SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
    public static class NewPromise extends AwaitablePeer {
        final FutureListener<Value> listener = done -> deliver(done.isSuccess() ? done.getNow() : done.cause());

        /** For JMH. */
        public NewPromise() {}

        @Override
        @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
            DefaultPromise<Value> promise = newPromise();
            mailbox.consume(promise);
            promise.setSuccess(sent);
            return promise.getNow();
        }

        @Override
        @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
            DefaultPromise<Value> promise = newPromise();
            mailbox.consume(promise);
            promise.addListener(listener);
            promise.setSuccess(sent);
            return received;
        }

        static DefaultPromise<Value> newPromise() {
            return new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        }
    }

    /**
     * A request from Netty's pool, with a new promise in it, as Netty's own requests to write are made: a promise is
     * done forever, so it cannot be pooled itself.
     */
    @Contender("Netty DefaultPromise in a request from its Recycler")
    @SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
    public static class PooledRequest extends AwaitablePeer {
        private static final Recycler<Request> REQUESTS = new Recycler<>() {
            @Override
            protected Request newObject(Handle<Request> handle) {
                return new Request(handle);
            }
        };

        final FutureListener<Value> listener = done -> deliver(done.isSuccess() ? done.getNow() : done.cause());

        /** For JMH. */
        public PooledRequest() {}

        @Override
        @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
            Request request = newRequest();
            mailbox.consume(request);
            Promise<Value> promise = request.promise;
            promise.setSuccess(sent);
            request.recycle();
            return promise.getNow();
        }

        @Override
        @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
            Request request = newRequest();
            mailbox.consume(request);
            request.promise.addListener(listener);
            request.promise.setSuccess(sent);
            request.recycle();
            return received;
        }

        private static Request newRequest() {
            Request request = REQUESTS.get();
            request.promise = NewPromise.newPromise();
            return request;
        }

        private static final class Request {
            private final Recycler.Handle<Request> handle;
            private Promise<Value> promise = NewPromise.newPromise();

            Request(Recycler.Handle<Request> handle) {
                this.handle = handle;
            }

            void recycle() {
                handle.recycle(this);
            }
        }
    }
}
