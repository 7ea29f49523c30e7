package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads of all kinds that park in a receiver and unpark each other. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ParkingTest {
    /** A message that carries the sender for the answer. */
    private record Ball(int number, Sender<Ball> answer) {}

    /** Returns each ball until one has this number. */
    private static int play(Receiver<Ball> receiver, int last) throws InterruptedException {
        while (true) {
            Ball ball = receiver.receive();
            if (ball.number >= last) {
                if (ball.answer != null) {
                    ball.answer.send(new Ball(ball.number + 1, null));
                }
                return ball.number;
            }
            if ((ball.number & 7) == 0) {
                SecondThread.jitter(1000); // until the other thread has stopped spinning and parks
            }
            Ball next = new Ball(ball.number + 1, receiver.sender());
            SecondThread.require(ball.answer.send(next), "handed over", ball.number);
        }
    }

    private static void pingPong(Level level, int hits, Consumer<Runnable> starter) throws Exception {
        Receiver<Ball> ping = level.receiver();
        Receiver<Ball> pong = level.receiver();
        Sender<Ball> service = ping.sender();
        Sender<Ball> answer = pong.sender();
        FutureTask<Integer> first = new FutureTask<>(() -> play(ping, hits));
        FutureTask<Integer> second = new FutureTask<>(() -> play(pong, hits));
        starter.accept(first);
        starter.accept(second);
        assertThat(service.send(new Ball(0, answer))).isTrue();
        assertThat(first.get(100, TimeUnit.SECONDS) + second.get(100, TimeUnit.SECONDS))
                .isEqualTo(2 * hits + 1);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void twoPlatformThreadsPlayPingPong(Level level) throws Exception {
        pingPong(level, 20_000, ParkingTest::startPlatformThread);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void twoVirtualThreadsPlayPingPong(Level level) throws Exception {
        VirtualThreads.start(() -> {});
        pingPong(level, 40_000, VirtualThreads::start);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aVirtualAndAPlatformThreadPlayPingPong(Level level) throws Exception {
        VirtualThreads.start(() -> {});
        boolean[] virtual = {false};
        pingPong(level, 10_000, task -> {
            if (virtual[0]) {
                VirtualThreads.start(task);
            } else {
                startPlatformThread(task);
            }
            virtual[0] = true;
        });
    }

    /** A waiter is cached from round to round, but for its own thread only. */
    @ParameterizedTest
    @EnumSource
    void eachOfSeveralThreadsThatWaitInTurnIsUnparked(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        for (int round = 0; round < 4; round++) {
            Sender<Integer> sender = receiver.sender();
            FutureTask<Integer> receiving = new FutureTask<>(receiver::receive);
            Thread waiting = new Thread(receiving, "waiting " + round);
            waiting.setDaemon(true);
            waiting.start();
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            sender.send(round);
            assertThat(receiving.get(10, TimeUnit.SECONDS)).isEqualTo(round);
        }
    }

    private static void startPlatformThread(Runnable task) {
        Thread thread = new Thread(task, "player");
        thread.setDaemon(true);
        thread.start();
    }
}
