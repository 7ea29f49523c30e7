package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerCheckScheduleTest {
    private static final long SPIN_NANOS = 100;
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerCheckSchedule schedule = new PeerCheckSchedule(time -> 0);
    private long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);

    @Test
    void anEngineThatRestsLooksInEachIdleCycle() {
        assertThat(cyclesUntilLook(REST_NANOS)).isEqualTo(1);
        assertThat(cyclesUntilLook(REST_NANOS)).isEqualTo(1);
    }

    @Test
    void anEngineThatSpinsLooksInEachEighthIdleCycle() {
        int first = cyclesUntilLook(SPIN_NANOS); // may be far from the look before
        int second = cyclesUntilLook(SPIN_NANOS);
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(1);
        assertThat(cyclesUntilLook(SPIN_NANOS)).isEqualTo(8);
        assertThat(cyclesUntilLook(SPIN_NANOS)).isEqualTo(8);
    }

    @Test
    void anEngineThatBeginsToRestIsLateOnceByEightCycles() {
        cyclesUntilLook(SPIN_NANOS);
        cyclesUntilLook(SPIN_NANOS);
        assertThat(cyclesUntilLook(REST_NANOS)).isEqualTo(8);
        assertThat(cyclesUntilLook(REST_NANOS)).isEqualTo(1);
    }

    @Test
    void aCycleThatHandledMessagesIsNotIdle() {
        assertThat(schedule.isLookDue(9)).isFalse();
        assertThat(schedule.isLookDue(0)).isTrue();
    }

    @Test
    void tenMessagesMakeALookDue() {
        cyclesUntilLook(SPIN_NANOS);
        cyclesUntilLook(SPIN_NANOS);
        assertThat(schedule.isLookDue(4)).isFalse();
        assertThat(schedule.isLookDue(5)).isFalse();
        assertThat(schedule.isLookDue(1)).isTrue();
        boolean unused = schedule.beginCheck(now);
        assertThat(schedule.isLookDue(9)).isFalse();
        assertThat(schedule.isLookDue(1)).isTrue();
    }

    @Test
    void aLookBeginsACheckUnlessTheLastOneWasAMomentAgo() {
        assertThat(schedule.beginCheck(now)).isTrue();
        assertThat(schedule.beginCheck(now + TimeUnit.MICROSECONDS.toNanos(19))).isFalse();
        assertThat(schedule.beginCheck(now + TimeUnit.MICROSECONDS.toNanos(20))).isTrue();
        assertThat(schedule.beginCheck(now + TimeUnit.MICROSECONDS.toNanos(39))).isFalse();
    }

    /**
     * Runs idle cycles, this far apart, until a look at the clock is due; takes it, and returns the number of cycles.
     */
    private int cyclesUntilLook(long nanosApart) {
        int cycles = 0;
        boolean due;
        do {
            now += nanosApart;
            due = schedule.isLookDue(0);
            cycles++;
        } while (!due);
        boolean unused = schedule.beginCheck(now);
        return cycles;
    }
}
