package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.RequestTimeoutException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request whose reply is of no use any more ends, is not begun, and its worker is told. */
@Timeout(60)
class PatienceTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** Long enough to be handed out, however busy the machine is, and short enough to wait for its end. */
    private static final Duration MEDIUM = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofMinutes(10);

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Responder keeping() {
        return fixture.responder().open((request, sender) -> kept.add(sender));
    }

    private RemoteSender<String> ask(Requester<String, String> requester, Duration patience) throws Exception {
        assertThat(call.ask(requester, "?", patience)).isEqualTo(SendResult.ACCEPTED);
        return kept.take();
    }

    private void assertTimedOut(Call<String> waiting) {
        assertThatThrownBy(() -> waiting.receive(TIMEOUT))
                .isInstanceOf(SenderFailedException.class)
                .hasCauseInstanceOf(RequestTimeoutException.class);
    }

    @Test
    void aRequestEndsWithItsPatience() throws Exception {
        Responder responder = keeping();
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> sender = ask(requester, MEDIUM);

        assertTimedOut(call);

        await().untilAsserted(() -> assertThat(requester.expired()).isEqualTo(1));
        await().until(sender::isAbandoned);
        assertThat(sender.remaining()).isZero();
        await().untilAsserted(() -> assertThat(responder.expired()).isEqualTo(1));
        assertThat(responder.inHand()).as("the worker may be at work").isEqualTo(1);
        assertThat(sender.send("late")).isEqualTo(SendResult.ACCEPTED);
        await().untilAsserted(() -> assertThat(requester.refused()).isEqualTo(1));
        assertThat(responder.inHand()).isZero();
    }

    @Test
    void theWorkerSeesWhatIsLeft() throws Exception {
        Responder unused = keeping();
        Requester<String, String> requester = fixture.connected();

        RemoteSender<String> sender = ask(requester, LONG);
        Duration first = sender.remaining();
        assertThat(first).isPositive().isLessThanOrEqualTo(LONG);
        Thread.sleep(2);
        assertThat(sender.remaining()).isLessThan(first);
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(sender.send("!")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("!");
        assertThat(sender.isAbandoned()).isFalse();

        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        assertThat(kept.take().remaining()).isGreaterThan(Duration.ofDays(100_000));
    }

    @Test
    void aLateRequestIsNotHandedOut() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        try (Engine replying = Engine.of(fixture.engine.aeron())) {
            Responder responder = Responder.builder(replying, Codec.utf8(), Codec.utf8())
                    .open((request, sender) -> {
                        if (request.equals("block")) {
                            blocked.countDown();
                            resume.await();
                        } else {
                            handled.incrementAndGet();
                        }
                        EngineFixture.echo(request, sender);
                    });
            Requester<String, String> requester =
                    fixture.connected(fixture.requester().peerTimeout(Duration.ofMinutes(1)));
            for (int i = 0; i < 20; i++) { // the quickest of them tells how far the clocks are apart
                assertThat(call.ask(requester, "quick", LONG)).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(TIMEOUT)).isEqualTo("quick");
            }
            assertThat(call.ask(requester, "block")).isEqualTo(SendResult.ACCEPTED);
            blocked.await();
            List<Call<String>> impatient = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Call<String> each = new Call<>();
                assertThat(each.ask(requester, "late", SHORT)).isEqualTo(SendResult.ACCEPTED);
                impatient.add(each);
            }
            Call<String> patient = new Call<>();
            assertThat(patient.ask(requester, "in time", LONG)).isEqualTo(SendResult.ACCEPTED);
            impatient.forEach(this::assertTimedOut);
            Thread.sleep(10 * SHORT.toMillis()); // so that even a clock that is judged badly is late
            resume.countDown();

            assertThat(patient.receive(TIMEOUT)).isEqualTo("in time");
            assertThat(handled).as("quick and in time").hasValue(21);
            assertThat(responder.expired()).isEqualTo(10);
            assertThat(requester.refused()).isZero();
        }
    }

    @Test
    void aWorkerIsToldOfACancel() throws Exception {
        Responder responder = keeping();
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> sender = ask(requester, LONG);
        AtomicInteger told = new AtomicInteger();
        sender.onAbandon(told::incrementAndGet);

        assertThat(call.giveUp()).isTrue();

        await().untilAsserted(() -> assertThat(told).hasValue(1));
        assertThat(sender.isAbandoned()).isTrue();
        assertThat(responder.cancelled()).isEqualTo(1);
        sender.onAbandon(told::incrementAndGet);
        assertThat(told).as("told at once").hasValue(2);
    }

    @Test
    void aWorkerIsToldOfTheEndOfThePatience() throws Exception {
        Responder unused = keeping();
        RemoteSender<String> sender = ask(fixture.connected(), MEDIUM);
        AtomicInteger told = new AtomicInteger();
        sender.onAbandon(told::incrementAndGet);
        await().untilAsserted(() -> assertThat(told).hasValue(1));
    }

    @Test
    void aWorkerIsToldThatTheRequesterWasClosed() throws Exception {
        Responder responder = keeping();
        Requester<String, String> other = fixture.connected();
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> sender = ask(requester, LONG);
        Call<String> innocent = new Call<>();
        assertThat(innocent.ask(other, "?")).isEqualTo(SendResult.ACCEPTED);
        RemoteSender<String> innocentSender = kept.take();
        AtomicInteger told = new AtomicInteger();
        sender.onAbandon(told::incrementAndGet);

        requester.close();

        await().untilAsserted(() -> assertThat(told).hasValue(1));
        assertThat(innocentSender.isAbandoned()).isFalse();
        other.close();
        await().untilAsserted(() ->
                assertThat(responder.inHand()).as("their session has ended").isZero());
        assertThat(innocentSender.isAbandoned()).isTrue();
        assertThat(innocentSender.send("?")).isEqualTo(SendResult.NOT_CONNECTED);
    }

    @Test
    void awaitAskWaitsForAConnectionAndForRoom() throws Exception {
        Requester<String, String> requester = fixture.requester().capacity(1).open();
        assertThat(call.awaitAsk(requester, "nobody", SHORT)).isEqualTo(SendResult.NOT_CONNECTED);
        Thread opening = new Thread(this::keeping);
        opening.start();
        assertThat(call.awaitAsk(requester, "first", LONG)).isEqualTo(SendResult.ACCEPTED);
        opening.join();

        Call<String> second = new Call<>();
        assertThat(second.awaitAsk(requester, "second", SHORT)).isEqualTo(SendResult.FULL);
        Thread replying = new Thread(() -> EngineFixture.reply(kept.remove(), "one"));
        await().until(() -> !kept.isEmpty());
        replying.start();
        assertThat(second.awaitAsk(requester, "second", LONG)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("one");
        replying.join();

        Thread.currentThread().interrupt();
        Call<String> third = new Call<>();
        assertThatThrownBy(() -> third.awaitAsk(requester, "third", LONG)).isInstanceOf(InterruptedException.class);
        assertThat(requester.inFlight()).isEqualTo(1);
    }

    @Test
    void thereIsNoNegativePatience() throws Exception {
        Responder unused = keeping();
        Requester<String, String> requester = fixture.connected();
        for (Duration patience : new Duration[] {Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> call.ask(requester, "?", patience));
        }
        assertThat(call.ask(requester, "?", Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(SendResult.ACCEPTED);
        assertThat(kept.take().remaining()).isGreaterThan(Duration.ofDays(100_000));
    }

    @Test
    void aMessageWaitsForAsLongAsItIsBehindTheQuickest() {
        QueueingDelay delay = new QueueingDelay();
        long start = -5_000_000_000L;
        int clock = Integer.MAX_VALUE - 1_000; // the peer's wraps around soon
        assertThat(delay.micros(clock, start)).isZero();
        assertThat(delay.micros(clock + 1_000, start + 1_700_000)).isEqualTo(700);
        assertThat(delay.micros(clock + 2_000, start + 1_900_000))
                .as("a quicker one")
                .isZero();
        assertThat(delay.micros(clock + 3_000, start + 3_000_000)).isEqualTo(100);
        long tenMinutes = 600_000_000;
        assertThat(delay.micros(clock + 2_000 + (int) tenMinutes, start + 1_900_000 + (tenMinutes + 300_000) * 1_000))
                .as("but for a drift of 1/2048")
                .isEqualTo(300_000 - (int) ((tenMinutes + 300_000) >> 11));
    }
}
