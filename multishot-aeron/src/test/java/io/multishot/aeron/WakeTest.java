package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Naps that would not end within the test, unless another thread of the process wakes the one that naps. */
@Timeout(60)
class WakeTest {
    /** Sleeps until it is ended, however short the nap. */
    private static final class EndlessNap implements Nap {
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();

        private final Semaphore end = new Semaphore(0);

        @Override
        public void sleep(long nanos) {
            begun.incrementAndGet();
            end.acquireUninterruptibly();
        }

        @Override
        public void end() {
            ended.incrementAndGet();
            end.release();
        }
    }

    /** A driver that wakes nobody. */
    private final MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(CommonContext.generateRandomDirName())
            .dirDeleteOnShutdown(true));

    private final Path directory = Path.of(driver.aeronDirectoryName());
    private final Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
    private final EndlessNap nap = new EndlessNap();
    private final Engine napping = napping(aeron, nap);
    private final RecordingAgent agent = new RecordingAgent();

    private static Engine napping(Aeron aeron, Nap nap) {
        return Engine.of(aeron, new NapIdleStrategy(1, 1, nap, () -> {}, SystemNanoClock.INSTANCE));
    }

    @AfterEach
    void close() {
        napping.close();
        aeron.close();
        driver.close();
    }

    /** Waits until the agent is there and the engine naps. */
    private void awaitNap() {
        await().until(() -> nap.begun.get() > 0);
        napping.add(agent, napping.aeron());
        napping.wake();
        await().until(() -> nap.begun.get() > 1);
        assertThat(agent.cycles).hasPositiveValue();
    }

    @Test
    void anEngineWakesAnotherOneWithTheSameDriver() {
        awaitNap();
        try (Engine other = Engine.connected(directory);
                Engine invoked = Engine.invoked(aeron)) {
            for (Engine each : new Engine[] {other, invoked, napping}) {
                int naps = nap.begun.get();
                int cycles = agent.cycles.get();
                each.wake();
                await().until(() -> nap.begun.get() > naps);
                assertThat(agent.cycles).hasValueGreaterThan(cycles);
            }
        }
    }

    @Test
    void anEngineWithAnotherDriverDoesNotWakeIt() {
        awaitNap();
        int ended = nap.ended.get();
        try (Engine elsewhere = Engine.embedded()) {
            elsewhere.wake();
            assertThat(nap.ended).hasValue(ended);
        }
    }

    @Test
    void anEngineThatIsAwakeIsNotWokenAgain() {
        awaitNap();
        int ended = nap.ended.get();
        int naps = nap.begun.get();
        napping.wake();
        await().until(() -> nap.begun.get() > naps);
        assertThat(nap.ended).hasValue(ended + 1);
    }

    @Test
    void closingEndsTheNap() {
        awaitNap();
        napping.close();
        assertThat(agent.closings).hasValue(1);
    }

    @Test
    void anEmbeddedDriverWakesEnginesWhenItHasWork() {
        EndlessNap above = new EndlessNap();
        try (Engine embedded = Engine.embedded();
                Engine unused = napping(embedded.aeron(), above)) {
            await().until(() -> above.begun.get() > 0);
            int ended = above.ended.get();
            try (Publication publication = embedded.aeron().addPublication("aeron:ipc", 1)) {
                await().until(() -> above.ended.get() > ended);
                assertThat(publication.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aThreadLooksForWorkOnceMoreBeforeItNaps() {
        EndlessNap unended = new EndlessNap();
        NapIdleStrategy idle = new NapIdleStrategy(1, 1, unended, () -> {}, () -> 0);
        for (int i = 0; i < 201; i++) {
            idle.idle(0); // spins, yields, announces the nap
        }
        for (int i = 0; i < 10; i++) {
            idle.wake();
            idle.idle(0); // announces the nap again
        }
        idle.idle(1);
        idle.idle(0); // spins
        assertThat(unended.begun).hasValue(0);
        assertThat(unended.ended).hasValue(10);
    }

    @Test
    void aThreadSpinsOnlyIfWorkComesQuickly() {
        AtomicLong now = new AtomicLong();
        CountedNaps naps = new CountedNaps();
        NapIdleStrategy idle = new NapIdleStrategy(1, 1, naps, () -> {}, now::get);
        assertThat(cyclesUntilNap(idle, naps)).isEqualTo(202);
        now.addAndGet(TimeUnit.MICROSECONDS.toNanos(100));
        idle.idle(1);
        assertThat(cyclesUntilNap(idle, naps)).as("it was late").isEqualTo(2);
        idle.wake();
        assertThat(cyclesUntilNap(idle, naps)).as("in vain").isEqualTo(2);
        now.addAndGet(TimeUnit.MICROSECONDS.toNanos(100) - 1);
        idle.idle(1);
        assertThat(cyclesUntilNap(idle, naps)).as("it was quick").isEqualTo(202);
    }

    private static int cyclesUntilNap(NapIdleStrategy idle, CountedNaps naps) {
        int before = naps.begun;
        int cycles = 0;
        while (naps.begun == before) {
            idle.idle(0);
            cycles++;
        }
        return cycles;
    }

    /** Naps that end at once. */
    private static final class CountedNaps implements Nap {
        int begun;

        @Override
        public void sleep(long nanos) {
            begun++;
        }

        @Override
        public void end() {}
    }

    @Test
    void groupsAreForgottenWhenNobodyUsesThem() {
        WakeGroup first = WakeGroup.acquire(directory);
        WakeGroup second = WakeGroup.acquire(directory.resolve(".").toAbsolutePath());
        assertThat(second).isSameAs(first);
        first.release();
        second.release();
        assertThat(WakeGroup.acquire(directory)).isSameAs(first);
        first.release();

        Path other = Path.of("other");
        WakeGroup unused = WakeGroup.acquire(other);
        unused.release();
        WakeGroup fresh = WakeGroup.acquire(other);
        assertThat(fresh).isNotSameAs(unused);
        fresh.release();
    }
}
