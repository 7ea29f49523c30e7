package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Task;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel on a Netty event loop, which a {@link Task} wakes. */
class NettyTest {
    private static final int ROUNDS = 1000;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final EventLoop eventLoop = group.next();
    private final Service service = new Service();
    private final Queue<String> questions = new ArrayDeque<>();
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    // tag::netty[]
    private final Receiver<String> receiver = new Receiver<>();
    private final Task task = new Task(eventLoop, this::step);
    private boolean asking;

    private void step() { // always on the event loop
        while (asking || askNext()) {
            switch (receiver.poll(task)) {
                case PENDING -> {
                    return; // the answer will wake the task
                }
                case READY -> answered(receiver.take());
                case FAILED, DROPPED -> refused();
            }
            asking = false;
        }
    }
    // end::netty[]

    private boolean askNext() {
        String question = questions.poll();
        if (question != null) {
            service.ask(question, receiver.sender());
            asking = true;
        }
        return asking;
    }

    private void answered(String answer) {
        outcomes.add(eventLoop.inEventLoop() ? answer : Thread.currentThread());
    }

    private void refused() {
        try {
            receiver.take();
        } catch (SenderFailedException failed) {
            outcomes.add(failed.getCause());
        } catch (SenderDroppedException dropped) {
            outcomes.add(dropped);
        }
    }

    @AfterEach
    void close() throws Exception {
        onEventLoop(() -> {
            receiver.close();
            return true;
        });
        group.shutdownGracefully(0, 1, TimeUnit.MINUTES).syncUninterruptibly();
        service.close();
    }

    @Test
    void aValueArrivesOnTheEventLoop() throws Exception {
        ask("6 * 7");
        assertThat(outcomes.take()).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() throws Exception {
        ask("1 / 0");
        assertThat(outcomes.take()).isSameAs(service.undefined);
    }

    @Test
    void aDropIsSeen() throws Exception {
        ask("nobody knows");
        assertThat(outcomes.take()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aTaskThatStopsPollingLeavesTheValueInTheChannel() throws Exception {
        ask("why?");
        onEventLoop(() -> asking = false);
        assertThat(service.answerLate("because")).isTrue();
        assertThat(onEventLoop(receiver::tryReceive)).isEqualTo("because");
        assertThat(outcomes).isEmpty();
    }

    @Test
    void theLoopAbandonsARoundAndGoesOn() throws Exception {
        ask("why?");
        boolean detached = onEventLoop(() -> {
            asking = false;
            return receiver.abandon();
        });
        assertThat(detached).isTrue();
        ask("6 * 7");
        assertThat(outcomes.take()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void oneChannelServesEveryRound() throws Exception {
        ask(Collections.nCopies(ROUNDS, "6 * 7").toArray(String[]::new));
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(outcomes.take()).isEqualTo("42");
        }
    }

    private void ask(String... more) throws Exception {
        onEventLoop(() -> Collections.addAll(questions, more));
        task.wake();
    }

    private <T> T onEventLoop(Callable<T> work) throws Exception {
        return eventLoop.submit(work).get();
    }
}
