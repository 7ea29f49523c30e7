package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.Waker;
import org.junit.jupiter.api.Test;

/** Rounds on one thread: each is begun where the last answer is received, and is answered at once. */
class NestingTest {
    private final Receiver<String> receiver = new Receiver<>();
    private final Waker waker = this::step;
    private final Task task = new Task(Runnable::run, this::step);
    private Runnable register = () -> {};
    private int left;
    private int depth;
    private int deepest;

    private int deepestOf(int rounds, Runnable register) {
        this.register = register;
        left = rounds;
        ask();
        assertThat(left).isZero();
        return deepest;
    }

    private void ask() {
        Sender<String> sender = receiver.sender();
        register.run();
        assertThat(sender.send("answer")).isTrue();
    }

    private void poll(Waker registered) {
        assertThat(receiver.poll(registered)).isEqualTo(Poll.PENDING);
    }

    private void step() {
        receiver.take();
        answered();
    }

    private void answered() {
        depth++;
        deepest = Math.max(deepest, depth);
        left--;
        if (left > 0) {
            ask();
        }
        depth--;
    }

    @Test
    void roundsOfARawWakerNest() {
        assertThat(deepestOf(100, () -> poll(waker))).isEqualTo(100);
    }

    @Test
    void roundsOfADependentOfAFutureNest() {
        assertThat(deepestOf(100, () -> receiver.receiveAsync().thenAccept(answer -> answered())))
                .isEqualTo(100);
    }

    @Test
    void roundsOfATaskDoNotNest() {
        assertThat(deepestOf(50_000, () -> poll(task))).isEqualTo(1);
    }
}
