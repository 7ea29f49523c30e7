package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The guide's "What not to do": the messages of the exceptions are those that the guide quotes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisuseTest {
    private static final Waker NO_OP = () -> {};

    private List<String> guide = List.of();
    private final Receiver<String> receiver = new Receiver<>();

    @BeforeAll
    void read() throws IOException {
        guide = Files.readAllLines(Path.of("..", "docs", "guide.md"));
    }

    /** Asserts that a call throws what the guide says in the row of a misuse: this type, with these words. */
    private void assertRefused(String misuse, Class<? extends Exception> type, ThrowingCallable call) {
        String row = guide.stream()
                .filter(line -> line.startsWith("| " + misuse + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row in docs/guide.md: " + misuse));
        assertThat(row).contains("`" + type.getSimpleName() + "`");
        String words = row.substring(row.indexOf('*') + 1, row.lastIndexOf('*'));
        assertThatThrownBy(call).isInstanceOf(type).hasMessageContaining(words);
    }

    @Test
    void aSecondUseThrows() {
        Sender<String> sender = receiver.sender();
        sender.send("first");
        assertRefused("use a sender twice", IllegalStateException.class, () -> sender.send("second"));
        assertThat(receiver.take()).isEqualTo("first");
    }

    @Test
    void aRoundBeforeTheLastOneHasEndedThrows() {
        Sender<String> sender = receiver.sender();
        assertRefused("begin a round while a sender is live", IllegalStateException.class, receiver::sender);
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void takeWithoutAnOutcomeThrows() {
        Sender<String> sender = receiver.sender();
        assertRefused("`take()` before there is an outcome", IllegalStateException.class, receiver::take);
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void nullIsNotAValue() {
        Sender<String> sender = receiver.sender();
        assertRefused("send null", NullPointerException.class, () -> sender.send(nothing()));
        assertThat(sender.send("something")).as("the sender is not consumed").isTrue();
    }

    @SuppressWarnings("NullAway") // this is the misuse
    private static String nothing() {
        return null;
    }

    @Test
    void pollThrowsWhileAFutureOwnsTheReceiver() {
        Sender<String> sender = receiver.sender();
        assertThat(receiver.receiveAsync()).isNotDone();
        assertRefused("call a receiver that a future owns", IllegalStateException.class, () -> receiver.poll(NO_OP));
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void aClosedReceiverThrows() {
        Receiver<String> closed = new Receiver<>();
        closed.close();
        assertRefused("call a closed receiver", IllegalStateException.class, closed::sender);
    }

    @Test
    @Tag("checked")
    void theSecondThreadInsideAReceiverThrows() throws InterruptedException, ExecutionException {
        Receiver<String> shared = new Receiver<>();
        Sender<String> sender = shared.sender();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch waits = new CountDownLatch(1);
            var waiting = other.submit(() -> {
                waits.countDown();
                return shared.receive();
            });
            waits.await();
            while (!shared.toString().contains("waiter")) { // until the other thread has registered
                Thread.onSpinWait();
            }
            assertRefused(
                    "call a receiver from two threads at once", IllegalStateException.class, () -> shared.poll(NO_OP));
            sender.send("for the first one");
            assertThat(waiting.get()).isEqualTo("for the first one");
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void anInterruptStopsAWaitingThread() throws InterruptedException {
        Receiver<String> waiting = new Receiver<>();
        assertThat(waiting.sender()).isNotNull();
        Thread.currentThread().interrupt();
        assertRefused("call `close()` to stop a waiting thread", InterruptedException.class, waiting::receive);
        assertThat(waiting.abandon()).isTrue();
    }

    @Test
    void onlyTheLastWakerIsCalled() {
        int[] wakes = new int[2];
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(() -> wakes[0]++)).isEqualTo(Poll.PENDING);
        assertThat(receiver.poll(() -> wakes[1]++)).isEqualTo(Poll.PENDING);
        sender.drop();
        assertThat(wakes).containsExactly(0, 1);
    }
}
