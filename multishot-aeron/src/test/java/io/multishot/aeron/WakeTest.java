package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Naps that would not end within the test, unless another thread of the process wakes the one that naps. */
@Timeout(60)
class WakeTest {
    private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(1);

    /** A driver that wakes nobody. */
    private final MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(CommonContext.generateRandomDirName())
            .dirDeleteOnShutdown(true));

    private final Path directory = Path.of(driver.aeronDirectoryName());
    private final Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
    private final Engine napping = napping(aeron);
    private final RecordingAgent agent = new RecordingAgent();

    private static Engine napping(Aeron aeron) {
        return Engine.of(aeron, new NapIdleStrategy(FOREVER_NANOS, FOREVER_NANOS, () -> {}));
    }

    @AfterEach
    void close() {
        napping.close();
        aeron.close();
        driver.close();
    }

    /** Returns the number of cycles when there are no more. */
    private int awaitNap() throws InterruptedException {
        int seen;
        do {
            seen = agent.cycles.get();
            Thread.sleep(500);
        } while (seen != agent.cycles.get());
        return seen;
    }

    private void addAgent(Engine engine) {
        engine.add(agent, engine.aeron());
        engine.wake();
        await().until(() -> agent.cycles.get() > 0);
    }

    @Test
    void anEngineWakesAnotherOneWithTheSameDriver() throws InterruptedException {
        addAgent(napping);
        try (Engine other = Engine.connected(directory);
                Engine invoked = Engine.invoked(aeron)) {
            for (Engine each : new Engine[] {other, invoked, napping}) {
                int cycles = awaitNap();
                each.wake();
                await().until(() -> agent.cycles.get() > cycles);
            }
        }
    }

    @Test
    void anEngineWithAnotherDriverDoesNotWakeIt() throws InterruptedException {
        addAgent(napping);
        int cycles = awaitNap();
        try (Engine elsewhere = Engine.embedded()) {
            elsewhere.wake();
            Thread.sleep(100);
            assertThat(agent.cycles).hasValue(cycles);
        }
    }

    @Test
    void closingDoesNotWaitForTheEndOfANap() throws InterruptedException {
        addAgent(napping);
        int unused = awaitNap();
        napping.close();
        assertThat(agent.closings).hasValue(1);
    }

    @Test
    void anEmbeddedDriverWakesEnginesWhenItHasWork() throws Exception {
        try (Engine embedded = Engine.embedded();
                Engine above = napping(embedded.aeron())) {
            addAgent(above);
            int cycles = agent.cycles.get();
            try (Publication publication = embedded.aeron().addPublication("aeron:ipc", 1)) {
                await().until(() -> agent.cycles.get() > cycles);
                assertThat(publication.isClosed()).isFalse();
            }
        }
    }

    @Test
    void aThreadLooksForWorkOnceMoreBeforeItNaps() {
        NapIdleStrategy idle = new NapIdleStrategy(FOREVER_NANOS, FOREVER_NANOS, () -> {});
        for (int i = 0; i < 201; i++) {
            idle.idle(0); // spins, yields, announces the nap
        }
        for (int i = 0; i < 10; i++) {
            idle.wake();
            idle.idle(0); // announces the nap again
        }
        idle.idle(1);
        idle.idle(0); // spins
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
