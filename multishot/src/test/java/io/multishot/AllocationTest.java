package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.ClassLayout;

/** Rounds allocate no byte in the steady state, by the JVM's exact count for each thread. */
@Tag("allocation")
@Tag("unchecked")
class AllocationTest {
    private static final int ROUNDS = 1_000_000;
    private static final int PARKED_ROUNDS = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Waker WAKER = () -> {};
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String VALUE = "value";

    private static volatile Sender<String> published;

    private final Receiver<String> receiver = Receiver.recycling();

    @Test
    void theCountIsExact() throws Exception {
        // new Receiver<>() makes one small object a round. Publishing it keeps the compiler from removing it.
        Receiver<String> safe = new Receiver<>();
        long each = ClassLayout.parseClass(Sender.class).instanceSize();
        long bytes = allocatedBy(ROUNDS, () -> {
            published = safe.sender();
            published.send(VALUE);
            return safe.take();
        });
        // the JVM counts a few bytes more when the thread changes its allocation buffer
        assertThat(bytes).isBetween(each * ROUNDS, each * ROUNDS + ROUNDS / 100);
    }

    @Test
    void ready() throws Exception {
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            assertSame(Poll.READY, receiver.poll(WAKER));
            return receiver.take();
        });
    }

    @Test
    void pending() throws Exception {
        assertNoAllocation(() -> {
            Sender<String> sender = receiver.sender();
            assertSame(Poll.PENDING, receiver.poll(WAKER));
            assertSame(Poll.PENDING, receiver.poll(WAKER));
            sender.send(VALUE);
            assertSame(Poll.READY, receiver.poll(WAKER));
            return receiver.take();
        });
    }

    @Test
    void dropped() throws Exception {
        assertNoAllocation(() -> {
            Sender<String> sender = receiver.sender();
            assertSame(Poll.PENDING, receiver.poll(WAKER));
            sender.drop();
            return receiver.poll(WAKER);
        });
    }

    @Test
    void trySenderAndTryReceive() throws Exception {
        assertNoAllocation(() -> {
            Sender<String> sender = receiver.trySender();
            assertSame(null, receiver.trySender());
            assertSame(null, receiver.tryReceive());
            sender.send(VALUE);
            return receiver.tryReceive();
        });
    }

    @Test
    void receivingAValueThatIsThere() throws Exception {
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            return receiver.receive();
        });
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            return receiver.receive(MINUTE);
        });
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            return receiver.receiveUninterruptibly();
        });
    }

    @Test
    void discardingAnOutcome() throws Exception {
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            assertSame(false, receiver.abandon());
            receiver.sender().send(VALUE);
            return receiver.sender().send(VALUE);
        });
    }

    @Test
    void parkedHandOverWithReceive() throws Exception {
        assertNoAllocationParked(receiver::receive);
    }

    @Test
    void parkedHandOverWithTimedReceive() throws Exception {
        assertNoAllocationParked(() -> receiver.receive(MINUTE));
    }

    @Test
    void parkedHandOverWithUninterruptibleReceive() throws Exception {
        assertNoAllocationParked(receiver::receiveUninterruptibly);
    }

    @Test
    void waitingForManyOneOfWhichIsReady() throws Exception {
        List<Receiver<String>> many = List.of(Receiver.recycling(), receiver, Receiver.recycling());
        many.get(0).sender();
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            assertSame(receiver, many.get(Receivers.awaitAny(many)));
            assertSame(receiver, many.get(Receivers.awaitAny(many, MINUTE)));
            return receiver.take();
        });
        many.get(0).abandon();
        assertNoAllocation(() -> {
            receiver.sender().send(VALUE);
            Receivers.awaitAll(many);
            Receivers.awaitAll(many, MINUTE);
            return receiver.take();
        });
    }

    @Test
    void parkedHandOverWithAwaitAny() throws Exception {
        List<Receiver<String>> many = List.of(Receiver.recycling(), receiver, Receiver.recycling());
        many.get(0).sender();
        many.get(2).sender();
        assertNoAllocationParked(() -> many.get(Receivers.awaitAny(many)).take());
        assertNoAllocationParked(
                () -> many.get(Receivers.awaitAny(many, MINUTE)).take());
    }

    @Test
    void parkedHandOverWithAwaitAll() throws Exception {
        List<Receiver<String>> many = List.of(Receiver.recycling(), receiver, receiver);
        assertNoAllocationParked(() -> {
            Receivers.awaitAll(many);
            return receiver.take();
        });
        assertNoAllocationParked(() -> {
            Receivers.awaitAll(many, MINUTE);
            return receiver.take();
        });
    }

    @Test
    void aRoundWithAWakerForAbandonment() throws Exception {
        assertNoAllocation(() -> {
            Sender<String> sender = receiver.sender();
            sender.onAbandon(WAKER);
            sender.send(VALUE);
            return receiver.take();
        });
    }

    @Test
    void workThatSends() throws Exception {
        Callable<String> work = () -> VALUE;
        assertNoAllocation(() -> {
            receiver.sender().sendFrom(work);
            return receiver.take();
        });
    }

    /** The JVM may allocate once, when it recompiles the loop; a round that allocates would do so each time. */
    static void assertNoAllocation(Callable<?> round) throws Exception {
        assertNoAllocation(ROUNDS, round);
    }

    static void assertNoAllocation(int rounds, Callable<?> round) throws Exception {
        assertNone(rounds, () -> allocatedBy(rounds, round));
    }

    private static void assertNone(int rounds, Callable<Long> measurement) throws Exception {
        long bytes = measurement.call();
        for (int again = 0; bytes != 0 && again < 3; again++) {
            bytes = measurement.call();
        }
        assertThat(bytes).as("bytes in %s rounds", rounds).isZero();
    }

    /** Checks both threads of rounds in which the receiving thread parks before the other one sends. */
    private void assertNoAllocationParked(Callable<String> receive) throws Exception {
        assertNone(PARKED_ROUNDS, () -> allocatedParked(receive));
    }

    /** Returns the bytes of both threads together. */
    private long allocatedParked(Callable<String> receive) throws Exception {
        AtomicReference<Sender<String>> request = new AtomicReference<>();
        AtomicLong sendersBytes = new AtomicLong(Long.MAX_VALUE);
        Thread receiving = Thread.currentThread();
        Thread sending = new Thread(() -> {
            long before = 0;
            for (int i = -PARKED_ROUNDS; i < PARKED_ROUNDS; i++) {
                if (i == 0) {
                    before = THREADS.getCurrentThreadAllocatedBytes();
                }
                Sender<String> sender;
                while ((sender = request.getAndSet(null)) == null) {
                    Thread.onSpinWait();
                }
                if ((i & 1) == 0) {
                    while (!isWaiting(receiving)) {
                        Thread.onSpinWait();
                    }
                }
                sender.send(VALUE);
            }
            sendersBytes.set(THREADS.getCurrentThreadAllocatedBytes() - before);
        });
        sending.start();
        Callable<String> round = () -> {
            request.set(receiver.sender());
            String value = receive.call();
            assertSame(VALUE, value);
            return value;
        };
        for (int i = 0; i < PARKED_ROUNDS; i++) {
            round.call();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PARKED_ROUNDS; i++) {
            round.call();
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        sending.join();
        return bytes + sendersBytes.get();
    }

    private static boolean isWaiting(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private static long allocatedBy(int rounds, Callable<?> round) throws Exception {
        for (int i = 0; i < 20_000; i++) {
            round.call();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            round.call();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Allocates nothing unless it fails, unlike AssertJ. */
    static void assertSame(Object expected, Object actual) {
        if (expected != actual) {
            throw new AssertionError("expected " + expected + ", was " + actual);
        }
    }
}
