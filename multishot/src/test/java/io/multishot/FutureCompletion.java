package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All the ways to complete a future other than through its sender. */
enum FutureCompletion {
    COMPLETE {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.complete(value)).isTrue();
        }
    },

    COMPLETE_WITH_NULL {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.complete(null)).isTrue();
        }
    },

    COMPLETE_EXCEPTIONALLY {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.completeExceptionally(new Exception())).isTrue();
        }
    },

    CANCEL {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.cancel(true)).isTrue();
            assertThat(future).isCancelled();
        }
    },

    OBTRUDE_VALUE {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            future.obtrudeValue(value);
        }
    },

    OBTRUDE_EXCEPTION {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            future.obtrudeException(new Exception());
        }
    },

    COMPLETE_ASYNC {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.completeAsync(() -> value)).isSameAs(future);
        }
    },

    COMPLETE_ASYNC_ON_EXECUTOR {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.completeAsync(() -> value, Runnable::run)).isSameAs(future);
        }
    },

    COMPLETE_ASYNC_WITH_A_SUPPLIER_THAT_THROWS {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            future.completeAsync(() -> {
                throw new IllegalStateException();
            });
        }
    },

    OR_TIMEOUT {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.orTimeout(1, TimeUnit.MILLISECONDS)).isSameAs(future);
        }
    },

    COMPLETE_ON_TIMEOUT {
        @Override
        void apply(CompletableFuture<Object> future, Object value) {
            assertThat(future.completeOnTimeout(value, 1, TimeUnit.MILLISECONDS))
                    .isSameAs(future);
        }
    };

    /** Starts to complete the future, with this value if it takes one. */
    abstract void apply(CompletableFuture<Object> future, Object value);

    /** Completes the future, with this value if it takes one, and waits until it is done. */
    final void complete(CompletableFuture<Object> future, Object value) {
        apply(future, value);
        await().pollInSameThread()
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .until(future::isDone);
    }
}
