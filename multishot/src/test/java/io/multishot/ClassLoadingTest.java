package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The first wait in a JVM. A class loader may park, as JDK-8074773 tells, and so use up the permit of an unpark. So a
 * thread must load no class between its registration and the end of its wait.
 */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ClassLoadingTest {
    /** Defines the library anew, and lists what a waiting thread makes it load. */
    private static final class Loader extends ClassLoader {
        private final Collection<String> loadedByWaiting = new ConcurrentLinkedQueue<>();
        private volatile BooleanSupplier isWaiting = () -> false;

        Loader() {
            super(ClassLoadingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (isWaiting.getAsBoolean()) {
                loadedByWaiting.add(name);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return isOfLibrary(name) || name.equals(FirstWait.class.getName())
                        ? define(name)
                        : super.loadClass(name, resolve);
            }
        }

        private static boolean isOfLibrary(String name) {
            return name.startsWith("io.multishot.")
                    && Receiver.class
                            .getResource("/" + name.replace('.', '/') + ".class")
                            .toString()
                            .startsWith(library());
        }

        private static String library() {
            return Receiver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString();
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = FreshLibrary.classFile(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    /** Where the thread comes from. */
    enum Origin {
        PLATFORM,
        VIRTUAL,
        WORKER,
        WORKER_WITHOUT_SPARES
    }

    /** Waits until another thread has sent, which it does when this one has parked. Each test defines it anew. */
    static final class FirstWait implements Callable<Object> {
        private final Receiver<String> receiver = new Receiver<>();
        private final Receiver<String> other = new Receiver<>();
        private final String call;
        private final Consumer<BooleanSupplier> isWaiting;

        FirstWait(String call, Consumer<BooleanSupplier> isWaiting) {
            this.call = call;
            this.isWaiting = isWaiting;
        }

        @Override
        public Object call() throws Exception {
            Thread waiting = Thread.currentThread();
            Sender<String> sender = receiver.sender();
            Sender<String> second = other.sender();
            Thread sending = new Thread(() -> {
                while (!receiver.isAwaitedBy(waiting) || !isParked(waiting)) {
                    Thread.yield();
                }
                second.send("second");
                sender.send("value");
            });
            sending.start();
            List<Receiver<String>> both = List.of(receiver, other);
            assertThat(receiver.isAwaitedBy(waiting)).isFalse();
            isWaiting.accept(() -> Thread.currentThread() == waiting && receiver.isAwaitedBy(waiting));
            wait(both, Duration.ofDays(1));
            sending.join();
            return call;
        }

        private void wait(List<Receiver<String>> both, Duration day) throws Exception {
            switch (call) {
                case "receive" -> receiver.receive();
                case "receiveTimed" -> receiver.receive(day);
                case "receiveUninterruptibly" -> receiver.receiveUninterruptibly();
                case "awaitAny" -> Receivers.awaitAny(both);
                case "awaitAnyTimed" -> Receivers.awaitAny(both, day);
                case "awaitAll" -> Receivers.awaitAll(both);
                default -> Receivers.awaitAll(both, day);
            }
        }

        private static boolean isParked(Thread thread) {
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatWaitsLoadsNoClass(Origin origin) throws Exception {
        for (String call : List.of(
                "receive",
                "receiveTimed",
                "receiveUninterruptibly",
                "awaitAny",
                "awaitAnyTimed",
                "awaitAll",
                "awaitAllTimed")) {
            Loader loader = new Loader();
            Constructor<?> constructor = Class.forName(FirstWait.class.getName(), true, loader)
                    .getDeclaredConstructor(String.class, Consumer.class);
            constructor.setAccessible(true);
            Consumer<BooleanSupplier> isWaiting = test -> loader.isWaiting = test;
            run((Callable<?>) constructor.newInstance(call, isWaiting), origin);
            assertThat(loader.loadedByWaiting).as("loaded in %s", call).isEmpty();
        }
    }

    private static Object run(Callable<?> firstWait, Origin origin) throws Exception {
        if (origin == Origin.PLATFORM) {
            return firstWait.call();
        }
        if (origin == Origin.VIRTUAL) {
            FutureTask<Object> task = new FutureTask<>(firstWait::call);
            VirtualThreads.start(task);
            return task.get();
        }
        ForkJoinPool pool = origin == Origin.WORKER
                ? new ForkJoinPool(1)
                : new ForkJoinPool(
                        1,
                        ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                        null,
                        false,
                        1,
                        1,
                        1,
                        null,
                        1,
                        TimeUnit.MINUTES);
        try {
            return pool.submit(firstWait::call).get();
        } finally {
            pool.shutdown();
        }
    }
}
