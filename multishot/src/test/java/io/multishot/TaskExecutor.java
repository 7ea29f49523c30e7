package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.TimeUnit;

/** The kinds of executor that a task may run on. */
enum TaskExecutor {
    POOL_OF_1 {
        @Override
        ExecutorService open() {
            return Executors.newFixedThreadPool(1);
        }
    },

    POOL_OF_2 {
        @Override
        ExecutorService open() {
            return Executors.newFixedThreadPool(2);
        }
    },

    POOL_OF_4 {
        @Override
        ExecutorService open() {
            return Executors.newFixedThreadPool(4);
        }
    },

    /** Runs in the caller when its threads are busy, which they often are with the step. */
    CALLER_RUNS_POLICY {
        @Override
        ExecutorService open() {
            return new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new CallerRunsPolicy());
        }
    },

    FORK_JOIN_POOL {
        @Override
        ExecutorService open() {
            return new ForkJoinPool(3);
        }
    },

    /** Only on JDK 21 and later. */
    VIRTUAL_THREADS {
        @Override
        ExecutorService open() {
            try {
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (NoSuchMethodException olderJdk) {
                return abort("this JDK has no virtual threads");
            } catch (ReflectiveOperationException broken) {
                throw new AssertionError(broken);
            }
        }
    },

    CALLER {
        @Override
        ExecutorService open() {
            // only to have something to close
            return Executors.newFixedThreadPool(1);
        }

        @Override
        Executor executor(ExecutorService opened) {
            return Runnable::run;
        }
    };

    abstract ExecutorService open();

    Executor executor(ExecutorService opened) {
        return opened;
    }

    static void close(ExecutorService opened) throws InterruptedException {
        opened.shutdown();
        assertThat(opened.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
}
