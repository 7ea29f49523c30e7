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

/** The guide's "What not to do": the library answers with the words that the guide quotes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisuseTest {
    private static final Waker NOBODY = () -> {};

    private List<String> guide = List.of();
    private final Receiver<String> receiver = new Receiver<>();

    @BeforeAll
    void read() throws IOException {
        guide = Files.readAllLines(Path.of("..", "docs", "guide.md"));
    }

    /** The answer begins with words that stand in the guide, in the row of this misuse. */
    private void answers(String misuse, Class<? extends Exception> type, ThrowingCallable call) {
        String row = guide.stream()
                .filter(line -> line.startsWith("| " + misuse + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row in docs/guide.md: " + misuse));
        assertThat(row).contains("`" + type.getSimpleName() + "`");
        String words = row.substring(row.indexOf('*') + 1, row.lastIndexOf('*'));
        assertThatThrownBy(call).isInstanceOf(type).hasMessageContaining(words);
    }

    @Test
    void aSecondUse() {
        Sender<String> sender = receiver.sender();
        sender.send("first");
        answers("use a sender twice", IllegalStateException.class, () -> sender.send("second"));
        assertThat(receiver.take()).isEqualTo("first");
    }

    @Test
    void aRoundTooEarly() {
        Sender<String> sender = receiver.sender();
        answers("begin a round while a sender is live", IllegalStateException.class, receiver::sender);
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void takeTooEarly() {
        Sender<String> sender = receiver.sender();
        answers("`take()` before there is an outcome", IllegalStateException.class, receiver::take);
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void nothingToSend() {
        Sender<String> sender = receiver.sender();
        answers("send null", NullPointerException.class, () -> sender.send(nothing()));
        assertThat(sender.send("something")).as("the sender is not consumed").isTrue();
    }

    @SuppressWarnings("NullAway") // the mistake
    private static String nothing() {
        return null;
    }

    @Test
    void whileAFutureOwnsTheReceiver() {
        Sender<String> sender = receiver.sender();
        assertThat(receiver.receiveAsync()).isNotDone();
        answers("call a receiver that a future owns", IllegalStateException.class, () -> receiver.poll(NOBODY));
        assertThat(sender.drop()).isTrue();
    }

    @Test
    void afterTheEnd() {
        Receiver<String> closed = new Receiver<>();
        closed.close();
        answers("call a closed receiver", IllegalStateException.class, closed::sender);
    }

    @Test
    @Tag("checked")
    void twoThreadsInOneReceiver() throws InterruptedException, ExecutionException {
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
            while (!shared.toString().contains("waiter")) { // until the other thread is inside
                Thread.onSpinWait();
            }
            answers("call a receiver from two threads at once", IllegalStateException.class, () -> shared.poll(NOBODY));
            sender.send("for the first one");
            assertThat(waiting.get()).isEqualTo("for the first one");
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void toCloseWakesNobodyAndAnInterruptDoes() throws InterruptedException {
        Receiver<String> waiting = new Receiver<>();
        assertThat(waiting.sender()).isNotNull();
        Thread.currentThread().interrupt();
        answers("`close()` to stop a waiting thread; interrupt it", InterruptedException.class, waiting::receive);
        assertThat(waiting.abandon()).isTrue();
    }

    @Test
    void anotherWakerEachTimeWorksButOnlyTheLastIsCalled() {
        int[] wakes = new int[2];
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(() -> wakes[0]++)).isEqualTo(Poll.PENDING);
        assertThat(receiver.poll(() -> wakes[1]++)).isEqualTo(Poll.PENDING);
        sender.drop();
        assertThat(wakes).containsExactly(0, 1);
    }
}
