package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sender whose look found its slot open, and whose exchange comes after the round was abandoned, covers the mark of
 * the abandoned cell with its outcome for a moment. Nobody may notice.
 */
class DetachedSenderRaceTest {
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @EnumSource
    void fromTheReturnOfAbandonOnEveryAnswerIsThatOfADetachedSender(Level level) throws Exception {
        int detached = 0;
        Budget budget = new Budget(ROUNDS, 5_000);
        try (Duo duo = new Duo()) {
            Receiver<String> receiver = level.receiver();
            for (int i = 0; budget.allows(i); i++) {
                Sender<String> sender = receiver.sender();
                var results = duo.race(() -> sender.send("late"), () -> {
                    boolean abandoned = receiver.abandon();
                    for (int looks = 0; abandoned && looks < 20; looks++) {
                        assertThat(sender.isAbandoned()).isTrue();
                        assertThat(sender.drop()).isFalse();
                    }
                    return abandoned;
                });
                assertThat(results.first()).isNotEqualTo(results.second());
                if (results.second()) {
                    detached++;
                }
                assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
            }
        }
        assertThat(detached)
                .as("rounds in which the sender was late, of " + budget.rounds())
                .isBetween(1, budget.rounds() - 1);
    }
}
