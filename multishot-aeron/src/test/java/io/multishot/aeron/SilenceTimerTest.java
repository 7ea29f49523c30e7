package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The clock is the test's; it begins at 1,000, and a responder speaks each 10. */
class SilenceTimerTest {
    private final SilenceTimer silence = new SilenceTimer(10, 1_000);

    @Test
    void itLastsFromTheLookThatFollowsTheLastWord() {
        assertThat(silence.look(1_005)).isEqualTo(5);
        silence.end();
        assertThat(silence.look(1_007)).isZero();
        assertThat(silence.look(1_017)).isEqualTo(10);
        assertThat(silence.look(1_027)).isEqualTo(20);
    }

    @Test
    void theTimeForWhichWhoeverListensWasHeldUpDoesNotCount() {
        assertThat(silence.look(1_008)).isEqualTo(8);
        assertThat(silence.look(1_500)).isEqualTo(8);
        assertThat(silence.look(1_502)).isEqualTo(10);
    }

    @Test
    void butOnlyOnceInASilence() {
        assertThat(silence.look(1_500)).isZero();
        assertThat(silence.look(1_511)).isEqualTo(11);
        assertThat(silence.look(1_600)).isEqualTo(100);
        silence.end();
        assertThat(silence.look(1_700)).isZero();
        assertThat(silence.look(1_800)).isZero();
        assertThat(silence.look(1_811)).isEqualTo(11);
    }

    @Test
    void whatWasHeardAfterAHoldUpEndsIt() {
        assertThat(silence.look(1_008)).isEqualTo(8);
        silence.end();
        assertThat(silence.look(1_500)).isZero();
        assertThat(silence.look(1_511)).as("held up again").isZero();
        assertThat(silence.look(1_522)).isEqualTo(11);
    }
}
