package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerCheckScheduleTest {
    private static final long SPIN = 100;
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerCheckSchedule pace = new PeerCheckSchedule();
    private long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);

    @Test
    void whoeverRestsLooksInEachIdleCycle() {
        assertThat(cyclesToALook(REST)).isEqualTo(1);
        assertThat(cyclesToALook(REST)).isEqualTo(1);
    }

    @Test
    void whoeverSpinsLooksInEachEighth() {
        int first = cyclesToALook(SPIN); // may be far from the look before
        int second = cyclesToALook(SPIN);
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(1);
        assertThat(cyclesToALook(SPIN)).isEqualTo(8);
        assertThat(cyclesToALook(SPIN)).isEqualTo(8);
    }

    @Test
    void whoeverBeginsToRestIsLateOnceByEightCycles() {
        cyclesToALook(SPIN);
        cyclesToALook(SPIN);
        assertThat(cyclesToALook(REST)).isEqualTo(8);
        assertThat(cyclesToALook(REST)).isEqualTo(1);
    }

    @Test
    void aCycleThatDidSomethingNeedsNoLook() {
        assertThat(pace.isDue(9)).isFalse();
        assertThat(pace.isDue(0)).isTrue();
    }

    @Test
    void tenMessagesAreEnoughForALook() {
        cyclesToALook(SPIN);
        cyclesToALook(SPIN);
        assertThat(pace.isDue(4)).isFalse();
        assertThat(pace.isDue(5)).isFalse();
        assertThat(pace.isDue(1)).isTrue();
        pace.look(now);
        assertThat(pace.isDue(9)).isFalse();
        assertThat(pace.isDue(1)).isTrue();
    }

    /** How many idle cycles, so far apart, it takes until a look is due; which is then made. */
    private int cyclesToALook(long apart) {
        int cycles = 0;
        boolean due;
        do {
            now += apart;
            due = pace.isDue(0);
            cycles++;
        } while (!due);
        pace.look(now);
        return cycles;
    }
}
