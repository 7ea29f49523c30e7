package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.multishot.Poll;
import org.agrona.concurrent.NoOpLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Aeron clients, and drivers, that have no thread. */
@Timeout(60)
class InvokerModeTest {
    private final MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(CommonContext.generateRandomDirName())
            .threadingMode(ThreadingMode.INVOKER)
            .dirDeleteOnShutdown(true));
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        driver.close();
    }

    private Aeron.Context client(String directory) {
        return new Aeron.Context().aeronDirectoryName(directory).useConductorAgentInvoker(true);
    }

    private void assertWorks(Engine engine) throws Exception {
        try (Responder unused =
                        Responder.builder(engine, Codec.utf8(), Codec.utf8()).open(EngineFixture::echo);
                Requester<String, String> requester =
                        Requester.builder(engine, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            assertThat(call.ask(requester, "around")).isEqualTo(SendResult.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                if (engine.isInvoked()) {
                    int done = engine.work();
                    assertThat(done).isNotNegative();
                }
            }
            assertThat(call.receiver().take()).isEqualTo("around");
        }
    }

    @Test
    void oneThreadCanRunEverything() throws Exception {
        Aeron.Context context = client(driver.aeronDirectoryName())
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .clientLock(NoOpLock.INSTANCE);
        try (Aeron aeron = Aeron.connect(context);
                Engine engine = Engine.invoked(aeron)) {
            assertWorks(engine);
        }
    }

    @Test
    void aClientWithoutAThreadIsRunByTheEngines() throws Exception {
        try (EngineFixture fixture = new EngineFixture();
                Aeron aeron =
                        Aeron.connect(client(fixture.engine.aeron().context().aeronDirectoryName()));
                Engine engine = Engine.of(aeron)) {
            assertWorks(engine);
        }
    }

    @Test
    void aClientForOneThreadIsNotSharedWithTheEngines() {
        try (Aeron invoking = Aeron.connect(
                        client(driver.aeronDirectoryName()).driverAgentInvoker(driver.sharedAgentInvoker()));
                Aeron unlocked =
                        Aeron.connect(client(driver.aeronDirectoryName()).clientLock(NoOpLock.INSTANCE))) {
            assertThatIllegalArgumentException().isThrownBy(() -> Engine.of(invoking));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Engine.of(unlocked))
                    .withMessageContaining("use Engine.invoked");
        }
    }
}
