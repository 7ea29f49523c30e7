package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No requester keeps another one out of a responder, and no request has a place in it for ever. */
@Timeout(60)
class PlacesTest {
    private final EngineFixture fixture = new EngineFixture();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    /** Engines of their own: the requesters of one engine share a session. */
    private Engine greedyEngine;

    private Engine modestEngine;

    @BeforeEach
    void open() {
        greedyEngine = Engine.of(fixture.engine.aeron());
        modestEngine = Engine.of(fixture.engine.aeron());
    }

    @AfterEach
    void close() {
        greedyEngine.close();
        modestEngine.close();
        fixture.close();
    }

    private static Requester<String, String> requester(Engine engine) throws InterruptedException {
        Requester<String, String> requester =
                Requester.builder(engine, Codec.utf8(), Codec.utf8()).open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        return requester;
    }

    private Responder open(ResponderBuilder<String, String> settings) {
        return settings.open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                EngineFixture.echo(request, sender);
            }
        });
    }

    private static List<Call<String>> askToKeep(Requester<String, String> requester, int count) {
        List<Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Call<String> each = new Call<>();
            assertThat(each.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
            calls.add(each);
        }
        return calls;
    }

    private static void assertWorks(Requester<String, String> requester) throws Exception {
        try (Call<String> call = new Call<>()) {
            assertThat(call.ask(requester, "well?")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("well?");
        }
    }

    /** With one place there is one chain, which a cancel walks through. */
    @Test
    void aReplyWithinTheHandlerLeavesNothingBehind() throws Exception {
        Responder responder = open(fixture.responder().capacity(1));
        Requester<String, String> requester = requester(modestEngine);
        for (int i = 0; i < 3; i++) {
            assertWorks(requester);
            await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
        }
        Call<String> call = askToKeep(requester, 1).get(0);
        RemoteSender<String> sender = kept.take();
        assertThat(responder.inHand()).isEqualTo(1);

        assertThat(call.giveUp()).isTrue();
        await().until(sender::isAbandoned);
        assertThat(sender.send("late")).isEqualTo(SendResult.ACCEPTED);
        assertWorks(requester);
        await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
    }

    @Test
    void aRequesterWithNothingInHandAlwaysGetsAPlace() throws Exception {
        Responder responder = open(fixture.responder().capacity(4));
        Requester<String, String> modest = requester(modestEngine);
        List<Call<String>> unused = askToKeep(requester(greedyEngine), 100);
        await().until(() -> responder.inHand() == 4);

        for (int i = 0; i < 100; i++) {
            assertWorks(modest);
        }
        assertThat(kept).hasSize(4);
        await().untilAsserted(() -> assertThat(responder.refused()).isEqualTo(96));
    }

    @Test
    void aQuotaBoundsOneRequester() throws Exception {
        Responder responder = open(fixture.responder().capacity(8).quota(3));
        Requester<String, String> other = requester(modestEngine);
        List<Call<String>> unused = askToKeep(requester(greedyEngine), 8);
        await().until(() -> responder.inHand() == 3);

        List<Call<String>> modest = askToKeep(other, 2);

        await().until(() -> responder.inHand() == 5);
        assertThat(kept).hasSize(5);
        kept.forEach(sender -> EngineFixture.reply(sender, "!"));
        for (Call<String> each : modest) {
            assertThat(each.receive(TIMEOUT)).isEqualTo("!");
        }
    }

    @Test
    void thePlacesOfARequesterThatHasGoneAreFree() throws Exception {
        Responder responder = open(fixture.responder().capacity(4));
        List<Call<String>> unused = askToKeep(requester(greedyEngine), 4);
        await().until(() -> responder.inHand() == 4);

        greedyEngine.close();

        await().until(() -> responder.inHand() == 0);
        assertThat(kept).allMatch(RemoteSender::isAbandoned);
        List<Call<String>> next = askToKeep(requester(modestEngine), 4);
        await().until(() -> responder.inHand() == 4);
        for (int i = 0; i < 4; i++) {
            assertThat(kept.take().send("for those that have gone")).isEqualTo(SendResult.NOT_CONNECTED);
        }
        for (Call<String> each : next) {
            EngineFixture.reply(kept.take(), "!");
            assertThat(each.receive(TIMEOUT)).isEqualTo("!");
        }
    }

    @Test
    void aRequestThatFindsNoPlaceIsRefusedAndToldSo() throws Exception {
        Responder responder = open(fixture.responder().capacity(2).maxWait(Duration.ofMillis(100)));
        Requester<String, String> requester = requester(greedyEngine);
        List<Call<String>> calls = askToKeep(requester, 5);

        for (Call<String> each : calls.subList(2, 5)) {
            assertThatThrownBy(() -> each.receive(TIMEOUT))
                    .isInstanceOf(SenderFailedException.class)
                    .hasCauseInstanceOf(RequestRefusedException.class)
                    .hasStackTraceContaining("ask again later");
        }
        assertThat(responder.refused()).isEqualTo(3);
        EngineFixture.reply(kept.take(), "!");
        assertThat(calls.get(0).receive(TIMEOUT)).isEqualTo("!");
        assertWorks(requester);
    }

    @Test
    void aRequestThatIsTooOldFailsAndItsSenderIsInert() throws Exception {
        Responder responder = open(fixture.responder().capacity(2).maxAge(Duration.ofMillis(50)));
        Requester<String, String> requester = requester(greedyEngine);
        List<Call<String>> calls = askToKeep(requester, 1);
        RemoteSender<String> sender = kept.take();
        AtomicInteger told = new AtomicInteger();
        sender.onAbandon(told::incrementAndGet);

        assertThatThrownBy(() -> calls.get(0).receive(TIMEOUT))
                .hasCauseInstanceOf(RemoteFailureException.class)
                .hasStackTraceContaining("more than 50 ms");

        await().until(() -> responder.inHand() == 0);
        assertThat(told).hasValue(1);
        assertThat(sender.isAbandoned()).isTrue();
        for (int i = 0; i < 10; i++) {
            assertWorks(requester);
        }
        assertThat(sender.send("late")).isEqualTo(SendResult.NOT_CONNECTED);
        assertThat(requester.refused()).isZero();
    }

    /** Only its own rounds can harm a recycled sender's holder, and an end that it did not make begins none. */
    @Test
    void aRecycledSenderThatIsInertIsNotUsedAgain() throws Exception {
        Responder unused = open(fixture.responder().recycling().capacity(1).maxAge(Duration.ofSeconds(2)));
        Requester<String, String> requester = requester(greedyEngine);
        List<Call<String>> first = askToKeep(requester, 1);
        RemoteSender<String> old = kept.take();
        assertThatThrownBy(() -> first.get(0).receive(TIMEOUT)).hasCauseInstanceOf(RemoteFailureException.class);

        List<Call<String>> second = askToKeep(requester, 1);
        RemoteSender<String> current = kept.take();
        assertThat(old.send("late")).isEqualTo(SendResult.NOT_CONNECTED);
        EngineFixture.reply(current, "!");
        assertThat(second.get(0).receive(TIMEOUT)).isEqualTo("!");
    }

    @Test
    void handlersRunOnAnExecutorWithBoundedWork() throws Exception {
        Semaphore permits = new Semaphore(0);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Thread[] starter = new Thread[1];
        Responder responder = fixture.responder()
                .capacity(3)
                .executor(task -> {
                    starter[0] = Thread.currentThread();
                    new Thread(task).start();
                })
                .open((request, sender) -> {
                    assertThat(Thread.currentThread()).isNotSameAs(starter[0]);
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    permits.acquire();
                    running.decrementAndGet();
                    if (request.equals("bad")) {
                        throw new RemoteFailureException(42, "bad indeed");
                    }
                    EngineFixture.reply(sender, request);
                });
        Requester<String, String> requester = requester(greedyEngine);
        List<Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Call<String> each = new Call<>();
            assertThat(each.ask(requester, i == 7 ? "bad" : "n" + i)).isEqualTo(SendResult.ACCEPTED);
            calls.add(each);
        }
        await().until(() -> running.get() == 3);
        permits.release(20);
        for (int i = 0; i < 20; i++) {
            Call<String> each = calls.get(i);
            if (i == 7) {
                assertThatThrownBy(() -> each.receive(TIMEOUT)).cause().satisfies(cause -> {
                    assertThat(((RemoteFailureException) cause).code()).isEqualTo(42);
                    assertThat(cause).hasMessage("bad indeed");
                });
            } else {
                assertThat(each.receive(TIMEOUT)).isEqualTo("n" + i);
            }
        }
        assertThat(most).hasValue(3);
        await().until(() -> responder.inHand() == 0);
    }

    @Test
    void anExecutorThatRefusesFailsTheRequest() throws Exception {
        Responder responder = fixture.responder()
                .executor(task -> {
                    throw new UnsupportedOperationException("no threads left");
                })
                .open(EngineFixture::echo);
        Requester<String, String> requester = requester(greedyEngine);
        for (int i = 0; i < 3; i++) {
            try (Call<String> call = new Call<>()) {
                assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
                assertThatThrownBy(() -> call.receive(TIMEOUT)).hasStackTraceContaining("no threads left");
            }
        }
        await().until(() -> responder.inHand() == 0);
    }

    @Test
    void settingsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.responder().quota(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.responder().maxAge(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.responder().maxWait(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.responder().maxRequestLength(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester().maxReplyLength(0));
    }
}
