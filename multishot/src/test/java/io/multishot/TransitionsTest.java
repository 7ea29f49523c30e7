package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of the tables in docs/design.md on one thread: state before, operation, state after. */
class TransitionsTest {
    private static final Waker ANY = () -> {};

    /** The three ways to consume a sender, and what poll says afterwards. */
    private enum Use {
        SEND(sender -> sender.send("value"), Poll.READY),
        FAIL(sender -> sender.fail(new IllegalArgumentException("cause")), Poll.FAILED),
        DROP(Sender::drop, Poll.DROPPED);

        final Predicate<Sender<String>> of;
        final Poll poll;

        Use(Predicate<Sender<String>> of, Poll poll) {
            this.of = of;
            this.poll = poll;
        }
    }

    private static void onEachUse(Level level, UseCase useCase) {
        for (Use use : Use.values()) {
            Receiver<String> receiver = level.receiver();
            useCase.run(use, receiver, receiver.sender());
        }
    }

    private interface UseCase {
        void run(Use use, Receiver<String> receiver, Sender<String> sender);
    }

    @ParameterizedTest
    @EnumSource
    void useOfAnOpenSlotLeavesTheOutcome(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            assertThat(use.of.test(sender)).isTrue();
            assertThat(receiver.poll(ANY)).isEqualTo(use.poll);
        });
    }

    @ParameterizedTest
    @EnumSource
    void useOfASlotWithAWaiterLeavesTheOutcomeAndWakesItOnce(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            CountingWaker waker = new CountingWaker();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            assertThat(use.of.test(sender)).isTrue();
            assertThat(waker.count()).isEqualTo(1);
            assertThat(receiver.poll(waker)).isEqualTo(use.poll);
            assertThat(waker.count()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void useOfAConsumedSenderThrowsAndTheFirstOutcomeStands(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            use.of.test(sender);
            for (Use second : Use.values()) {
                assertThatThrownBy(() -> second.of.test(sender))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("sender already consumed");
            }
            assertThat(receiver.poll(ANY)).isEqualTo(use.poll);
        });
    }

    @ParameterizedTest
    @EnumSource
    void useAfterTheOutcomeWasTakenThrowsAndLeavesNoOutcome(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        sender.send("value");
        receiver.take();
        for (Use second : Use.values()) {
            assertThatThrownBy(() -> second.of.test(sender))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("sender already consumed");
        }
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void useOfADetachedSenderReturnsFalseAnyNumberOfTimes(Level level) {
        for (Consumer<Receiver<String>> leave : DETACHING) {
            for (boolean waiting : new boolean[] {false, true}) {
                Receiver<String> receiver = level.receiver();
                Sender<String> sender = receiver.sender();
                CountingWaker waker = new CountingWaker();
                if (waiting) {
                    assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
                }
                leave.accept(receiver);
                for (int i = 0; i < 3; i++) {
                    for (Use use : Use.values()) {
                        assertThat(use.of.test(sender)).isFalse();
                        assertThat(sender.isAbandoned()).isTrue();
                    }
                }
                assertThat(waker.count()).isZero();
            }
        }
    }

    private static final Iterable<Consumer<Receiver<String>>> DETACHING =
            java.util.List.of(Receiver::abandon, Receiver::close);

    @ParameterizedTest
    @EnumSource
    void pollOfAnOutcomeChangesNothing(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            use.of.test(sender);
            for (int i = 0; i < 3; i++) {
                assertThat(receiver.poll(new CountingWaker())).isEqualTo(use.poll);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void pollRegistersReplacesAndKeepsWakers(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker first = new CountingWaker();
        CountingWaker second = new CountingWaker();
        for (Waker waker : new Waker[] {first, first, second, first, second, second}) {
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        }
        sender.send("value");
        assertThat(first.count()).isZero();
        assertThat(second.count()).isEqualTo(1);
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void takeAndTryReceiveEndTheRound(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            use.of.test(sender);
            endRound(receiver, use, Receiver::take);
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
            use.of.test(receiver.sender());
            endRound(receiver, use, Receiver::tryReceive);
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
        });
    }

    private static void endRound(
            Receiver<String> receiver, Use use, java.util.function.Function<Receiver<String>, String> by) {
        switch (use) {
            case SEND -> assertThat(by.apply(receiver)).isEqualTo("value");
            case FAIL ->
                assertThatThrownBy(() -> by.apply(receiver))
                        .isInstanceOf(SenderFailedException.class)
                        .hasMessage("the sender failed the round: java.lang.IllegalArgumentException")
                        .cause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("cause");
            case DROP ->
                assertThatThrownBy(() -> by.apply(receiver))
                        .isInstanceOf(SenderDroppedException.class)
                        .hasMessage("no value will come: the sender was dropped");
        }
    }

    @ParameterizedTest
    @EnumSource
    void senderSucceedsFromEveryConsumedStateAndDiscardsTheOutcome(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            use.of.test(sender);
            Sender<String> next = receiver.sender();
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
            use.of.test(next);
            Sender<String> afterNext = receiver.trySender();
            assertThat(afterNext).isNotNull();
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
            assertThat(afterNext.send("value")).isTrue();
            assertThat(receiver.take()).isEqualTo("value");
        });
    }

    @ParameterizedTest
    @EnumSource
    void senderIsRefusedWhileOneIsLive(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        for (boolean waiting : new boolean[] {false, true}) {
            if (waiting) {
                assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
            }
            assertThat(receiver.trySender()).isNull();
            assertThatThrownBy(receiver::sender)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("a sender is live: await its outcome, or give its round up with abandon()");
        }
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void abandonDetachesALiveSenderAndMakesRoomForTheNext(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(receiver.abandon()).isTrue();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
        assertThat(receiver.abandon()).isFalse();
        Sender<String> next = receiver.sender();
        assertThat(next).isNotSameAs(sender);
        assertThat(sender.send("late")).isFalse();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
        assertThat(next.send("value")).isTrue();
        assertThat(sender.send("later")).isFalse();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void abandonDiscardsAnOutcomeAndDetachesNoSender(Level level) {
        onEachUse(level, (use, receiver, sender) -> {
            use.of.test(sender);
            assertThat(receiver.abandon()).isFalse();
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
            assertThat(receiver.sender().send("value")).isTrue();
            assertThat(receiver.take()).isEqualTo("value");
        });
    }

    @ParameterizedTest
    @EnumSource
    void abandonWithoutARoundDoesNothing(Level level) {
        Receiver<String> receiver = level.receiver();
        assertThat(receiver.abandon()).isFalse();
        receiver.sender().send("value");
        receiver.take();
        assertThat(receiver.abandon()).isFalse();
        assertThat(receiver.sender().send("value")).isTrue();
    }
}
