package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requesters of one engine to one responder share a connection, and nothing else. */
@Timeout(60)
class SharedConnectionTest {
    private final EngineFixture fixture = new EngineFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void eachGetsItsOwnReplies() throws Exception {
        List<RemoteSender<String>> kept = new ArrayList<>();
        Responder responder = fixture.responder().open((request, sender) -> {
            synchronized (kept) {
                kept.add(sender);
                if (kept.size() == 50) {
                    for (int i = 49; i >= 0; i--) {
                        EngineFixture.reply(kept.get(i), "reply " + i);
                    }
                }
            }
        });
        List<Requester<String, String>> requesters = new ArrayList<>();
        List<Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requesters.add(fixture.connected());
            calls.add(new Call<>());
        }
        assertThat(requesters).extracting(each -> each.connection).containsOnly(requesters.get(0).connection);
        for (int i = 0; i < 50; i++) {
            assertThat(calls.get(i).ask(requesters.get(i), "?")).isEqualTo(SendResult.ACCEPTED);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(calls.get(i).receive(TIMEOUT)).isEqualTo("reply " + i);
        }
        await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(50));
    }

    @Test
    void theLastOneClosesIt() throws Exception {
        Responder responder = fixture.responder().open(EngineFixture::echo);
        Requester<String, String> one = fixture.connected();
        Requester<String, String> two = fixture.connected();
        one.close();
        one.close();
        assertThat(one.isConnected()).isFalse();
        assertThat(two.isConnected()).isTrue();
        try (Call<String> call = new Call<>()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> call.ask(one, "?"))
                    .withMessageContaining("closed");
            assertThat(call.ask(two, "?")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("?");
        }
        two.close();
        await().untilAsserted(() -> assertThat(responder.requesters()).isZero());

        Requester<String, String> three = fixture.connected();
        assertThat(three.connection).isNotSameAs(one.connection);
    }

    /** Otherwise an engine with many connections would never rest. */
    @Test
    void heartbeatsAndHellosAreNoWork() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron());
                Responder unused = Responder.builder(invoked, Codec.utf8(), Codec.utf8()).stream(7)
                        .open(EngineFixture::echo);
                Requester<String, String> requester = Requester.builder(invoked, Codec.utf8(), Codec.utf8()).stream(7)
                        .open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            ConnectedResponder before = requester.connection.responder();
            int done = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(1_200)) { // two heartbeats at least
                done += invoked.work();
            }
            assumeTrue(requester.connection.responder() == before, "this machine was stalled");
            assertThat(done).isZero();
        }
    }

    @Test
    void anEngineHasOneResponderAtAnAddress() throws Exception {
        Responder first = fixture.responder().open(EngineFixture::echo);
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        fixture.responder().channel("aeron:ipc?alias=other").open(EngineFixture::echo))
                .withMessageContaining("has a responder at");
        try (Responder elsewhere = fixture.responder().stream(7).open(EngineFixture::echo)) {
            assertThat(elsewhere).isNotNull();
        }
        first.close();
        Responder second = fixture.responder().open(EngineFixture::echo);
        first.close();
        assertThatIllegalStateException().isThrownBy(() -> fixture.responder().open(EngineFixture::echo));
        second.close();
    }
}
