package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code that docs/remote.md shows. */
@Timeout(60)
class RemoteGuideTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Engine engine = fixture.engine;
    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    @AfterEach
    void close() {
        fixture.close();
        workers.shutdownNow();
    }

    private String compute(String request) {
        return request.toUpperCase(Locale.ROOT);
    }

    private Responder upperCase(String channel) {
        // tag::remote-responder[]
        Responder responder = Responder.builder(engine, Codec.utf8(), Codec.utf8())
                .channel(channel)
                .open((request, sender) -> workers.execute(() -> reply(sender, compute(request))));
        // end::remote-responder[]
        return responder;
    }

    // tag::remote-reply[]
    static void reply(RemoteSender<String> sender, String reply) {
        while (sender.send(reply) == SendResult.BACK_PRESSURED) {
            LockSupport.parkNanos(100_000); // the requester is slow; the sender can be used again
        }
    }
    // end::remote-reply[]

    @Test
    void anEngineStartsADriver() {
        // tag::remote-engine[]
        Engine engine = Engine.embedded();
        // end::remote-engine[]
        assertThat(engine.aeron().isClosed()).isFalse();
        engine.close();
        assertThatThrownBy(engine::aeron).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void askAndReply() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Responder responder = upperCase(channel)) {
            assertThat(responder.inHand()).isZero();
            // tag::remote-requester[]
            Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .open();
            requester.awaitConnected(Duration.ofSeconds(10));

            Call<String> call = new Call<>(); // one for each task, for all its requests
            if (call.ask(requester, "ping") == SendResult.ACCEPTED) {
                System.out.println(call.receive(Duration.ofSeconds(10)));
            }
            // end::remote-requester[]
            assertThat(call.ask(requester, "again")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(Duration.ofSeconds(20))).isEqualTo("AGAIN");
        }
    }

    @Test
    void aRequestHasPatience() throws Exception {
        Responder unused = fixture.responder().open(EngineFixture::echo);
        Requester<String, String> requester = fixture.connected();
        Call<String> call = new Call<>();
        // tag::remote-patience[]
        if (call.awaitAsk(requester, "ping", Duration.ofSeconds(10)) == SendResult.ACCEPTED) {
            System.out.println(call.receiver().receive()); // fails with a RequestTimeoutException after ten seconds
        }
        // end::remote-patience[]
    }

    @Test
    void theFirstOfTwoWins() throws Exception {
        BlockingQueue<RemoteSender<String>> never = new LinkedBlockingQueue<>();
        Responder slow = fixture.responder().stream(1).open((request, sender) -> never.add(sender));
        Responder quick = fixture.responder().stream(2).open(EngineFixture::echo);
        Requester<String, String> primary = fixture.connected(fixture.requester().stream(1));
        Requester<String, String> backup = fixture.connected(fixture.requester().stream(2));
        assertThat(hedged(primary, backup, "either")).isEqualTo("either");
        await().untilAsserted(
                        () -> assertThat(slow.requesters() + quick.requesters()).isEqualTo(2));
        assertThat(never.take().send("late")).isEqualTo(SendResult.ACCEPTED);
    }

    private static String hedged(Requester<String, String> primary, Requester<String, String> backup, String request)
            throws Exception {
        // tag::remote-hedged[]
        try (HedgedCall<String, String> call = // one for each task, for all its requests
                new HedgedCall<>(List.of(primary, backup), Duration.ofMillis(20))) {
            return call.askAndReceive(request, Duration.ofSeconds(10));
        }
        // end::remote-hedged[]
    }

    @Test
    void requestsAreSpreadOverResponders() throws Exception {
        Responder one = fixture.responder().stream(1).open(EngineFixture::echo);
        Responder two = fixture.responder().stream(2).open(EngineFixture::echo);
        Requester<String, String> first = fixture.requester().stream(1).open();
        Requester<String, String> second = fixture.requester().stream(2).open();
        Call<String> call = new Call<>();
        StringBuilder seen = new StringBuilder();
        // tag::remote-group[]
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(List.of(first, second));
        if (group.awaitAsk(call, "ping", Duration.ofSeconds(10)) == SendResult.ACCEPTED) {
            seen.append(call.receiver().receive()); // fails when the patience is at an end
        }
        // end::remote-group[]
        assertThat(seen).hasToString("ping");
        assertThat(one.inHand() + two.inHand()).isZero();
        group.close();
        assertThat(first.isConnected() || second.isConnected()).isFalse();
    }

    @Test
    void aLostResponderFailsItsRequests() throws Exception {
        Queue<RemoteSender<String>> kept =
                new ConcurrentLinkedQueue<>(); // with assertions, a leaked sender drops its request
        Responder responder = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        Call<String> call = new Call<>();
        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        responder.close();
        StringBuilder seen = new StringBuilder();
        // tag::remote-failures[]
        try {
            String reply = call.receiver().receive();
        } catch (SenderFailedException failed) {
            if (failed.getCause() instanceof PeerLostException) {
                seen.append("responder lost; it may have carried out the request, or not");
            } else if (failed.getCause() instanceof RemoteFailureException) {
                seen.append("responder failed the request: ")
                        .append(failed.getCause().getMessage());
            }
        }
        // end::remote-failures[]
        assertThat(seen).startsWith("responder lost");
    }
}
