package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Sender#sendFrom}: work that gives the round its outcome, whatever becomes of it. */
class SendFromTest {
    private static final Callable<String> NEVER = () -> {
        throw new AssertionError("work for nobody was begun");
    };

    @ParameterizedTest
    @EnumSource
    void what_the_work_returns_is_sent_and_the_waker_is_called(Level level) {
        Receiver<Object> receiver = level.receiver();
        for (int round = 0; round < 3; round++) {
            Sender<Object> sender = receiver.sender();
            CountingWaker waker = new CountingWaker();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            AtomicReference<Thread> worked = new AtomicReference<>();
            Callable<List<Integer>> work = () -> {
                worked.set(Thread.currentThread());
                assertThat(waker.count()).isZero();
                return List.of(1, 2);
            };
            assertThat(sender.sendFrom(work)).isTrue();
            assertThat(worked).hasValue(Thread.currentThread());
            assertThat(waker.count()).isEqualTo(1);
            assertThat(receiver.take()).isEqualTo(List.of(1, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_work_throws_fails_the_round_and_is_rethrown_as_it_is(Level level) {
        Receiver<String> receiver = level.receiver();
        Sneaky.throwables().forEach(thrown -> {
            Sender<String> sender = receiver.sender();
            assertThat(catchThrowable(() -> sender.sendFrom(() -> {
                        throw Sneaky.sneaky(thrown);
                    })))
                    .isSameAs(thrown)
                    .hasNoSuppressedExceptions();
            assertThatThrownBy(receiver::take)
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .isSameAs(thrown);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_null_is_a_failure_like_any_other(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Throwable thrown = catchThrowable(() -> sender.sendFrom(() -> null));
        assertThat(thrown).isInstanceOf(NullPointerException.class).hasMessage("the work returned null");
        assertThatThrownBy(receiver::take).cause().isSameAs(thrown);
    }

    @ParameterizedTest
    @EnumSource
    void no_work_changes_nothing(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> sender.sendFrom(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("work");
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(sender.send("value")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void work_for_nobody_is_not_begun(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> abandoned = receiver.sender();
        receiver.abandon();
        assertThat(abandoned.sendFrom(NEVER)).isFalse();
        Sender<String> closed = receiver.sender();
        receiver.close();
        assertThat(closed.sendFrom(NEVER)).isFalse();
        assertThat(abandoned.sendFrom(NEVER)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_consumed_sender_throws_before_the_work(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        sender.send("first");
        assertThatThrownBy(() -> sender.sendFrom(NEVER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed");
        assertThat(receiver.take()).isEqualTo("first");
        assertThatThrownBy(() -> sender.sendFrom(NEVER)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("checked")
    void it_says_where_the_sender_was_consumed() {
        Sender<String> sender = new Receiver<String>().sender();
        assertThat(sender.sendFrom(() -> "first")).isTrue();
        assertThatThrownBy(() -> sender.sendFrom(NEVER))
                .hasMessageContaining("sender consumed by send() on thread")
                .hasMessageContaining(SendFromTest.class.getName() + ".it_says_where_the_sender_was_consumed");
    }

    @ParameterizedTest
    @EnumSource
    void a_round_given_up_during_the_work_is_not_sent_to(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(sender.sendFrom(() -> {
                    receiver.abandon();
                    return "late";
                }))
                .isFalse();
        Sender<String> next = receiver.sender();
        Exception thrown = new Exception();
        assertThat(catchThrowable(() -> next.sendFrom(() -> {
                    receiver.abandon();
                    throw thrown;
                })))
                .isSameAs(thrown)
                .hasNoSuppressedExceptions();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void work_that_consumes_the_sender_is_misuse_and_the_first_outcome_stands(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> sender.sendFrom(() -> {
                    sender.send("first");
                    return "second";
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed");
        assertThat(receiver.take()).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void what_the_work_throws_is_not_lost_if_it_consumed_the_sender(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Exception thrown = new Exception("of the work");
        assertThat(catchThrowable(() -> sender.sendFrom(() -> {
                    sender.send("first");
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(receiver.take()).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void against_abandon_one_of_the_two_wins(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        int late = 0;
        Budget budget = new Budget(20_000);
        try (Duo duo = new Duo()) {
            for (int i = 0; budget.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                var results = duo.race(() -> sender.sendFrom(() -> round), () -> {
                    Partner.jitter((round & 3) == 3 ? 20_000 : 32); // in the checked mode the sender is the slower one
                    return receiver.abandon();
                });
                assertThat(results.first()).isNotEqualTo(results.second());
                late += results.second() ? 1 : 0;
            }
        }
        assertThat(late).as("both came up").isBetween(1, budget.rounds() - 1);
    }
}
