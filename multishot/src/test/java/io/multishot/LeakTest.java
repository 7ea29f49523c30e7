package io.multishot;

import static io.multishot.Garbage.collectUntilAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sender that becomes unreachable unconsumed, while assertions are enabled. */
@Tag("leak")
@Tag("checked")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class LeakTest {
    /** The logger behind System.Logger by default. Held, because the log manager does not hold it. */
    private static final Logger LOGGER = Logger.getLogger("io.multishot");

    private static final List<LogRecord> RECORDS = new CopyOnWriteArrayList<>();

    /** What the log waits for, as if it were slow. */
    private static volatile CountDownLatch gate = new CountDownLatch(0);

    /** Collects the records of this class, whenever they come, and lets others pass: other tests may leak too. */
    @BeforeAll
    static void listen() {
        LOGGER.setFilter(record -> {
            boolean ours = isFrom(record, frame -> frame.getClassName().equals(LeakTest.class.getName()));
            if (ours) {
                passGate();
                RECORDS.add(record);
            }
            return !ours;
        });
    }

    private static void passGate() {
        try {
            assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isFrom(LogRecord record, Predicate<StackTraceElement> place) {
        return record.getThrown() != null
                && Arrays.stream(record.getThrown().getStackTrace()).anyMatch(place);
    }

    /** Returns the leaks of senders that were made in this method, or in one that it called. */
    private static List<LogRecord> recordsFrom(String method) {
        return RECORDS.stream()
                .filter(record -> isFrom(record, frame -> frame.getMethodName().equals(method)))
                .toList();
    }

    /** A method of its own, so that no frame of the caller holds the sender. */
    private static void leakSenderOf(Receiver<?> receiver) {
        assertThat(receiver.sender()).isNotNull();
    }

    /** Waits until a later leak is found, by when all earlier ones would have been. */
    private static void collectUntilALaterLeakIsFound() {
        for (int i = 0; i < 2; i++) {
            Receiver<Integer> later = new Receiver<>();
            leakSenderOf(later);
            CountingWaker waker = new CountingWaker();
            collectUntilAsserted(
                    () -> assertThat(later.poll(waker)).as("the later leak").isEqualTo(Poll.DROPPED));
        }
    }

    @Test
    void aLeakedSenderDropsItsRoundAndIsLoggedWithWhereItWasMade() {
        for (io.multishot.Level level : io.multishot.Level.values()) {
            Receiver<Integer> receiver = level.receiver();
            leakSenderOf(receiver);
            CountingWaker waker = new CountingWaker();
            Poll poll = receiver.poll(waker);
            assertThat(poll).isIn(Poll.PENDING, Poll.DROPPED);
            collectUntilAsserted(() -> assertThat(receiver.poll(waker)).isEqualTo(Poll.DROPPED));
            if (poll == Poll.PENDING) {
                await().untilAsserted(() -> assertThat(waker.count()).isEqualTo(1));
            }
            await().untilAsserted(() -> assertThat(
                            recordsFrom("aLeakedSenderDropsItsRoundAndIsLoggedWithWhereItWasMade"))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.getLevel()).isEqualTo(Level.SEVERE);
                        assertThat(record.getLoggerName()).isEqualTo("io.multishot");
                        assertThat(record.getMessage())
                                .contains("unreachable", "sender made on thread", ".leakSenderOf(");
                    }));
            RECORDS.clear();

            Sender<Integer> next = receiver.sender();
            assertThat(next.send(1)).as("the channel goes on").isTrue();
            assertThat(receiver.take()).isEqualTo(1);
        }
    }

    @Test
    void aThreadParkedInReceiveGetsTheDrop() {
        Receiver<Integer> receiver = new Receiver<>();
        leakSenderOf(receiver);
        try (SecondThread<Boolean> parked = new SecondThread<>()) {
            parked.start(() -> {
                assertThatThrownBy(receiver::receive).isInstanceOf(SenderDroppedException.class);
                return true;
            });
            collectUntilAsserted(() -> assertThat(parked.isBusy()).isFalse());
            assertThat(parked.join()).isTrue();
        }
    }

    /** Neither the threads that wait nor the number of threads depend on the log. */
    @Test
    void aLogThatBlocksDelaysNoWaiterAndCostsNoThreads() {
        await().until(() -> threads().noneMatch(name -> name.matches("multishot-leak-(reporter|notifier)")));
        List<Receiver<Integer>> receivers =
                Stream.generate(Receiver<Integer>::new).limit(300).toList();
        CountingWaker waker = new CountingWaker();
        for (Receiver<Integer> receiver : receivers) {
            leakSenderOf(receiver);
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        }
        gate = new CountDownLatch(1);
        try {
            collectUntilAsserted(() -> assertThat(waker.count()).isEqualTo(receivers.size()));
            aThreadParkedInReceiveGetsTheDrop();
            assertThat(threads())
                    .filteredOn(name -> name.startsWith("multishot-leak-"))
                    .doesNotHaveDuplicates();
            assertThat(recordsFrom("aLogThatBlocksDelaysNoWaiterAndCostsNoThreads"))
                    .isEmpty();
        } finally {
            gate.countDown();
        }
        await().untilAsserted(() -> assertThat(recordsFrom("aLogThatBlocksDelaysNoWaiterAndCostsNoThreads"))
                .hasSize(receivers.size() + 1));
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    }

    @Test
    void aFutureIsCompletedWithTheDrop() {
        Receiver<Integer> receiver = new Receiver<>();
        leakSenderOf(receiver);
        CompletableFuture<Integer> future = receiver.receiveAsync();
        AtomicReference<String> thread = new AtomicReference<>();
        CompletableFuture<Void> dependent = future.handle((value, thrown) -> {
            thread.set(Thread.currentThread().getName());
            return null;
        });
        collectUntilAsserted(() -> assertThat(dependent).isDone());
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SenderDroppedException.class);
        assertThat(thread.get()).isNotEqualTo("multishot-leak-watch");
        assertThat(receiver.sender().drop()).as("the channel goes on").isTrue();
    }

    @Test
    void aWakerThatBlocksDoesNotBlockTheDetector() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<String> thread = new AtomicReference<>();
        Receiver<Integer> receiver = new Receiver<>();
        leakSenderOf(receiver);
        Waker blocking = () -> {
            thread.set(Thread.currentThread().getName());
            try {
                release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        };
        assertThat(receiver.poll(blocking)).isEqualTo(Poll.PENDING);
        try {
            collectUntilAsserted(() -> assertThat(thread.get()).isNotNull());
            assertThat(thread.get()).isEqualTo("multishot-leak-notifier");
            collectUntilALaterLeakIsFound();
            aThreadParkedInReceiveGetsTheDrop();
        } finally {
            release.countDown();
        }
    }

    @Test
    void theThreadThatNotifiesIsADaemon() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Receiver<Integer> receiver = new Receiver<>();
        leakSenderOf(receiver);
        assertThat(receiver.poll(() -> thread.set(Thread.currentThread()))).isEqualTo(Poll.PENDING);
        collectUntilAsserted(() -> assertThat(thread.get()).isNotNull());
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    void aWakerThatThrowsDoesNotStopTheDetectorAndTheLeakIsLogged() {
        Receiver<Integer> receiver = new Receiver<>();
        leakSenderOf(receiver);
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Waker throwing = () -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
            throw new IllegalArgumentException("from the waker");
        };
        assertThat(receiver.poll(throwing)).isEqualTo(Poll.PENDING);
        collectUntilAsserted(() -> assertThat(uncaught.get()).hasMessage("from the waker"));
        await().untilAsserted(() -> assertThat(recordsFrom("aWakerThatThrowsDoesNotStopTheDetectorAndTheLeakIsLogged"))
                .hasSize(1));
        collectUntilALaterLeakIsFound();
    }

    private static void makeAndEndRounds(Receiver<Integer> receiver) {
        assertThat(receiver.sender().send(1)).isTrue();
        assertThat(receiver.take()).isEqualTo(1);
        assertThat(receiver.sender().drop()).isTrue();
        assertThat(receiver.sender().fail(new RuntimeException("broken"))).isTrue();
        assertThat(receiver.sender()).isNotNull();
        assertThat(receiver.abandon()).isTrue();
        assertThat(receiver.sender().send(2)).isTrue();
    }

    @Test
    void aConsumedOrAbandonedSenderIsNotLogged() {
        Receiver<Integer> receiver = new Receiver<>();
        makeAndEndRounds(receiver);
        collectUntilALaterLeakIsFound();
        assertThat(receiver.take()).as("an unread value stays").isEqualTo(2);
        assertThat(recordsFrom("makeAndEndRounds")).isEmpty();
    }

    private static WeakReference<Receiver<?>> makeGarbage() {
        Receiver<Integer> receiver = new Receiver<>();
        assertThat(receiver.sender()).isNotNull();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        return new WeakReference<>(receiver);
    }

    @Test
    void aChannelThatIsGarbageAsAWholeIsNotLogged() {
        WeakReference<Receiver<?>> garbage = makeGarbage();
        collectUntilAsserted(() -> assertThat(garbage.get()).isNull());
        collectUntilALaterLeakIsFound();
        assertThat(recordsFrom("makeGarbage")).isEmpty();
    }

    /** A waker that holds the sender, as a task that keeps it in a field does. */
    private record Holder(Sender<Integer> held) implements Waker {
        @Override
        public void wake() {}
    }

    private static WeakReference<Sender<Integer>> registerHolder(Receiver<Integer> receiver) {
        Sender<Integer> sender = receiver.sender();
        assertThat(receiver.poll(new Holder(sender))).isEqualTo(Poll.PENDING);
        return new WeakReference<>(sender);
    }

    /** The receiver holds the waker, which holds the sender: a cycle that the detector cannot see. */
    @Test
    void aSenderThatTheWaitingSideHoldsIsNotFound() {
        Receiver<Integer> receiver = new Receiver<>();
        WeakReference<Sender<Integer>> held = registerHolder(receiver);
        collectUntilALaterLeakIsFound();
        assertThat(receiver.tryReceive()).as("pending still").isNull();
        assertThat(recordsFrom("registerHolder")).isEmpty();

        assertThat(held.get()).isNotNull();
        assertThat(receiver.abandon()).as("the way out").isTrue();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    private enum Ending {
        SEND,
        TRY_SEND,
        FAIL,
        DROP,
        ABANDON
    }

    private static boolean end(Receiver<Integer> receiver, Sender<Integer> sender, Ending ending) {
        return switch (ending) {
            case SEND -> sender.send(1);
            case TRY_SEND -> sender.trySend(1);
            case FAIL -> sender.fail(new RuntimeException("broken"));
            case DROP -> sender.drop();
            case ABANDON -> receiver.abandon();
        };
    }

    /** Replaces the sender's entry in the detector's list, and counts how often it is removed. */
    private static AtomicInteger removalsOf(Sender<?> sender) throws ReflectiveOperationException {
        AtomicInteger removals = new AtomicInteger();
        Field watch = CheckedSender.Cell.class.getDeclaredField("leakWatch");
        watch.setAccessible(true);
        CheckedSender.Cell<?> cell = ((CheckedSender<?>) sender).cell();
        assertThat(watch.get(cell)).as("the entry").isInstanceOf(Cleaner.Cleanable.class);
        watch.set(cell, (Cleaner.Cleanable) removals::incrementAndGet);
        return removals;
    }

    /** At once, because its holder may keep the sender for long. */
    @ParameterizedTest
    @EnumSource
    void aConsumedOrAbandonedSenderIsNoLongerWatched(Ending ending) throws Exception {
        Receiver<Integer> receiver = new Receiver<>();
        Sender<Integer> sender = receiver.sender();
        AtomicInteger removals = removalsOf(sender);
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(removals).as("still watched").hasValue(0);
        assertThat(end(receiver, sender, ending)).isTrue();
        assertThat(removals).hasValue(1);
    }
}
