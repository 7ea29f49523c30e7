package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The test provides the clock, which begins at 1,000; the interval of the heartbeats is 10. */
class SilenceTimerTest {
    private final SilenceTimer timer = new SilenceTimer(10, 1_000);

    @Test
    void aSilenceBeginsWithTheCheckAfterTheLastHeartbeat() {
        assertThat(timer.check(1_005)).isEqualTo(5);
        timer.onHeard();
        assertThat(timer.check(1_007)).isZero();
        assertThat(timer.check(1_017)).isEqualTo(10);
        assertThat(timer.check(1_027)).isEqualTo(20);
    }

    @Test
    void aStallDoesNotCount() {
        assertThat(timer.check(1_008)).isEqualTo(8);
        assertThat(timer.check(1_500)).isEqualTo(8);
        assertThat(timer.check(1_502)).isEqualTo(10);
    }

    @Test
    void onlyTheFirstStallOfASilenceIsExcused() {
        assertThat(timer.check(1_500)).isZero();
        assertThat(timer.check(1_511)).isEqualTo(11);
        assertThat(timer.check(1_600)).isEqualTo(100);
        timer.onHeard();
        assertThat(timer.check(1_700)).isZero();
        assertThat(timer.check(1_800)).isZero();
        assertThat(timer.check(1_811)).isEqualTo(11);
    }

    @Test
    void aHeartbeatAfterAStallEndsTheSilence() {
        assertThat(timer.check(1_008)).isEqualTo(8);
        timer.onHeard();
        assertThat(timer.check(1_500)).isZero();
        assertThat(timer.check(1_511)).as("stalled again").isZero();
        assertThat(timer.check(1_522)).isEqualTo(11);
    }
}
