package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four times as many requests as a worker can answer: what it answers must be in time. Without patience hardly any
 * answer is, since each request has waited behind those that were given up.
 */
@Timeout(120)
class OverloadTest {
    private static final int CALLERS = 400;
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final long WORK_NANOS = 1_000_000;
    private static final long LOAD_NANOS = Duration.ofSeconds(5).toNanos();

    private enum Worker {
        ON_THE_ENGINE,
        ON_AN_EXECUTOR
    }

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger inTime = new AtomicInteger();
    private volatile boolean isOver;

    /** Depends on time by its nature, and so is for a machine that does nothing else. */
    @ParameterizedTest
    @EnumSource(Worker.class)
    @Tag("deep")
    @Tag("unchecked")
    void aWorkerAnswersInTimeOrNotAtAll(Worker worker) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (EngineFixture fixture = new EngineFixture();
                Engine working = Engine.of(fixture.engine.aeron())) {
            ResponderBuilder<String, String> settings = Responder.builder(working, Codec.utf8(), Codec.utf8());
            Responder responder =
                    (worker == Worker.ON_AN_EXECUTOR ? settings.executor(single) : settings).open(this::work);
            Requester<String, String> requester = fixture.connected();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                Thread caller = new Thread(() -> ask(requester));
                caller.start();
                callers.add(caller);
            }
            Thread.sleep(LOAD_NANOS / 1_000_000);
            isOver = true;
            for (Thread caller : callers) {
                caller.join();
            }
            System.out.printf(
                    "%s: %,d of %,d answers in time, %,d requests expired%n",
                    worker, inTime.get(), answered.get(), responder.expired());
            assertThat(answered).hasValueGreaterThan(1_000);
            assertThat(inTime.get()).isGreaterThanOrEqualTo(answered.get() * 95 / 100);
        } finally {
            single.shutdownNow();
        }
    }

    private void work(String request, RemoteSender<String> sender) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < WORK_NANOS) {
            Thread.onSpinWait();
        }
        if (sender.send(request) == SendResult.ACCEPTED) {
            answered.incrementAndGet();
        }
    }

    private void ask(Requester<String, String> requester) {
        try (Call<String> call = new Call<>()) {
            while (!isOver) {
                if (call.awaitAsk(requester, "?", PATIENCE) == SendResult.ACCEPTED) {
                    try {
                        inTime.addAndGet(call.receive(TIMEOUT).length());
                    } catch (SenderFailedException late) {
                        assertThat(late).hasCauseInstanceOf(io.multishot.RequestTimeoutException.class);
                    }
                }
            }
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
