package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receiving calls that time out while the value is being sent. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class TimeoutRaceTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aValueComesInTimeOrWithTheNextReceive(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        int late = 0;
        RoundLimit limit = new RoundLimit(10_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    jitter(300);
                    return sender.send(round);
                });
                second.pause(i);
                int value;
                try {
                    int nanos = ThreadLocalRandom.current().nextInt(15_000);
                    value = receiver.receive(Duration.ofNanos(nanos));
                } catch (TimeoutException timeout) {
                    late++;
                    value = receiver.receive();
                }
                require(value == round, "received " + value, i);
                require(second.join(), "the value was handed over", i);
                require(receiver.poll(() -> {}) == Poll.DROPPED, "the round is over", i);
            }
        }
        assertThat(late).as("both outcomes occurred").isBetween(1, limit.rounds() - 1);
    }

    /** A sender may load a waiter, exchange, and get OPEN back, because the waiter was withdrawn in between. */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aWithdrawnWaiterNeverMakesASendThrow(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        int withdrawn = 0;
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(80_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> sender.send(round));
                Integer value = null;
                while (value == null) {
                    try {
                        value = receiver.receive(Duration.ZERO);
                    } catch (TimeoutException notYet) {
                        withdrawn++;
                        require(second.isBusy() || second.join(), "the value was handed over", i);
                    }
                }
                require(value == round, "received " + value, i);
                require(second.join(), "the value was handed over", i);
            }
        }
        assertThat(withdrawn).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void theLongestTimeoutWaitsForTheValue(Level level) throws InterruptedException, TimeoutException {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; i < 500; i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
                    return sender.send(round);
                });
                require(receiver.receive(LONGEST) == round && second.join(), "received", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void afterATimeoutTheRoundCanBeAbandoned(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(10_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    jitter(200);
                    return sender.send(round);
                });
                boolean received = false;
                boolean abandoned = false;
                try {
                    received = receiver.receive(Duration.ofNanos(2_000)) == round;
                } catch (TimeoutException timeout) {
                    abandoned = receiver.abandon();
                }
                boolean sent = second.join();
                require(!(received && !sent) && abandoned != sent, received + " " + abandoned + " " + sent, i);
                require(!abandoned || sender.isAbandoned(), "detached", i);
            }
        }
    }
}
