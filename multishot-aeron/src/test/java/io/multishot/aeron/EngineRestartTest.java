package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An engine whose Aeron client has closed itself, as it does when its process was stalled or its driver has died, makes
 * a new one if it can, and tells if it cannot.
 */
@Timeout(90)
class EngineRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory = Path.of(CommonContext.generateRandomDirName());

    private static Aeron replaced(Engine engine, RecordingAgent agent) {
        await().atMost(PATIENCE).until(() -> !agent.clients.isEmpty());
        await().atMost(PATIENCE).until(engine::isUsable);
        assertThat(agent.clients).last().isSameAs(engine.aeron());
        return engine.aeron();
    }

    private static void assertWorks(Aeron aeron) {
        assertThat(aeron.addPublication("aeron:ipc", 1).isClosed()).isFalse();
    }

    @Test
    void aClientThatHasClosedItselfIsReplaced() {
        try (Engine engine = Engine.embedded()) {
            AtomicInteger toldUnusable = new AtomicInteger();
            engine.onUnusable(toldUnusable::incrementAndGet);
            Aeron first = engine.aeron();
            boolean[] wasInCycle = new boolean[1];
            RecordingAgent agent = new RecordingAgent() {
                @Override
                public void onNewClient(Aeron aeron) {
                    wasInCycle[0] = engine.isInDutyCycle();
                    super.onNewClient(aeron);
                }
            };
            engine.add(agent, first);

            first.close();

            assertThat(replaced(engine, agent)).isNotSameAs(first);
            assertThat(wasInCycle[0]).isTrue();
            assertWorks(engine.aeron());
            int cycles = agent.cycles.get();
            await().until(() -> agent.cycles.get() > cycles);
            assertThat(agent.clients).hasSize(1);
            assertThat(toldUnusable).hasValue(0);
        }
    }

    @Test
    void anAgentThatFailsToFollowIsToldAgain() {
        try (Engine engine = Engine.embedded()) {
            AtomicInteger attempts = new AtomicInteger();
            RecordingAgent failing = new RecordingAgent() {
                @Override
                public void onNewClient(Aeron aeron) {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("planned");
                    }
                    super.onNewClient(aeron);
                }
            };
            RecordingAgent other = new RecordingAgent();
            engine.add(failing, engine.aeron());
            engine.add(other, engine.aeron());

            engine.aeron().close();

            replaced(engine, other);
            replaced(engine, failing);
            assertThat(attempts).hasValue(2);
            assertThat(failing.closings).hasValue(0);
        }
    }

    @Test
    void anAgentCanEndInsteadOfFollowing() {
        try (Engine engine = Engine.embedded()) {
            RecordingAgent ending = new RecordingAgent() {
                @Override
                public void onNewClient(Aeron aeron) {
                    throw new AgentTerminationException();
                }
            };
            engine.add(ending, engine.aeron());

            engine.aeron().close();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ending.closings).hasValue(1));
        }
    }

    @Test
    void anAgentThatWasMadeWithAnEarlierClientIsTold() {
        try (Engine engine = Engine.embedded()) {
            Aeron first = engine.aeron();
            first.close();
            await().atMost(PATIENCE).until(engine::isUsable);
            RecordingAgent late = new RecordingAgent();

            engine.add(late, first);

            replaced(engine, late);
        }
    }

    @Test
    void anEmbeddedDriverIsReplacedIfItsFilesAreGone() {
        try (Engine engine = Engine.embedded(directory)) {
            RecordingAgent agent = new RecordingAgent();
            engine.add(agent, engine.aeron());

            IoUtil.delete(directory.toFile(), false);
            engine.aeron().close();

            assertWorks(replaced(engine, agent));
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void aConnectedEngineFollowsADriverThatIsRestarted() {
        Engine firstDriver = Engine.embedded(directory);
        try (Engine engine = Engine.connected(directory)) {
            RecordingAgent agent = new RecordingAgent();
            engine.add(agent, engine.aeron());

            firstDriver.close();
            await().atMost(PATIENCE).until(() -> !engine.isUsable());
            try (Engine unused = Engine.embedded(directory)) {
                assertWorks(replaced(engine, agent));
            }
        }
    }

    @Test
    void anEngineThatCannotReplaceItsClientTells() {
        try (Engine embedded = Engine.embedded(directory);
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
                Engine engine = Engine.of(aeron);
                Engine invoked = Engine.invoked(aeron)) {
            AtomicInteger told = new AtomicInteger();
            engine.onUnusable(() -> {
                throw new IllegalStateException("planned");
            });
            engine.onUnusable(told::incrementAndGet);
            invoked.onUnusable(told::incrementAndGet);
            assertThat(invoked.work()).isNotNegative();
            assertThat(told).hasValue(0);

            aeron.close();
            await().untilAsserted(() -> assertThat(told).hasValue(1));
            assertThat(engine.isUsable()).isFalse();
            assertThat(invoked.work()).isZero();
            assertThat(told).hasValue(2);

            engine.onUnusable(told::incrementAndGet);
            assertThat(told).hasValue(3);
            assertThat(invoked.work()).isZero();
            engine.close();
            assertThat(told).hasValue(3);
            assertThat(embedded.isUsable()).isTrue();
        }
    }

    @Test
    void closingAnEngineMakesItUnusableForGood() {
        AtomicInteger told = new AtomicInteger();
        try (Engine engine = Engine.embedded()) {
            engine.onUnusable(told::incrementAndGet);
            engine.close();
            assertThat(told).hasValue(1);
        }
        assertThat(told).hasValue(1);
    }
}
