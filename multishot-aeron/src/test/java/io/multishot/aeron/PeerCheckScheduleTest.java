package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerCheckScheduleTest {
    private static final long SPIN_NANOS = 100;
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerCheckSchedule schedule = new PeerCheckSchedule();
    private long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);

    @Test
    void anEngineThatRestsChecksInEachIdleCycle() {
        assertThat(cyclesUntilCheck(REST_NANOS)).isEqualTo(1);
        assertThat(cyclesUntilCheck(REST_NANOS)).isEqualTo(1);
    }

    @Test
    void anEngineThatSpinsChecksInEachEighthIdleCycle() {
        int first = cyclesUntilCheck(SPIN_NANOS); // may be far from the check before
        int second = cyclesUntilCheck(SPIN_NANOS);
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(1);
        assertThat(cyclesUntilCheck(SPIN_NANOS)).isEqualTo(8);
        assertThat(cyclesUntilCheck(SPIN_NANOS)).isEqualTo(8);
    }

    @Test
    void anEngineThatBeginsToRestIsLateOnceByEightCycles() {
        cyclesUntilCheck(SPIN_NANOS);
        cyclesUntilCheck(SPIN_NANOS);
        assertThat(cyclesUntilCheck(REST_NANOS)).isEqualTo(8);
        assertThat(cyclesUntilCheck(REST_NANOS)).isEqualTo(1);
    }

    @Test
    void aCycleThatHandledMessagesIsNotIdle() {
        assertThat(schedule.isDue(9)).isFalse();
        assertThat(schedule.isDue(0)).isTrue();
    }

    @Test
    void tenMessagesMakeACheckDue() {
        cyclesUntilCheck(SPIN_NANOS);
        cyclesUntilCheck(SPIN_NANOS);
        assertThat(schedule.isDue(4)).isFalse();
        assertThat(schedule.isDue(5)).isFalse();
        assertThat(schedule.isDue(1)).isTrue();
        schedule.checked(now);
        assertThat(schedule.isDue(9)).isFalse();
        assertThat(schedule.isDue(1)).isTrue();
    }

    /** Runs idle cycles, this far apart, until a check is due; makes the check, and returns the number of cycles. */
    private int cyclesUntilCheck(long nanosApart) {
        int cycles = 0;
        boolean due;
        do {
            now += nanosApart;
            due = schedule.isDue(0);
            cycles++;
        } while (!due);
        schedule.checked(now);
        return cycles;
    }
}
