package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.NARROW;
import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that throw in unusual ways: their request fails, and no other. */
@Timeout(60)
class FaultyHandlerTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Does not even say what it is. */
    private static final class Speechless extends Exception {
        private static final long serialVersionUID = 1;

        private final Class<? extends RuntimeException> instead;

        Speechless(Class<? extends RuntimeException> instead) {
            this.instead = instead;
        }

        @Override
        public String getMessage() {
            if (instead == NullPointerException.class) {
                throw new NullPointerException("no message");
            }
            throw new IllegalStateException("no message");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {NullPointerException.class, IllegalStateException.class})
    void anExceptionThatCannotTellItsMessageFailsTheRequestAllTheSame(Class<? extends RuntimeException> instead)
            throws Exception {
        Responder responder = fixture.responder().open((request, sender) -> {
            throw new Speechless(instead);
        });
        Requester<String, String> requester = fixture.connected();

        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessageContaining("Speechless");
        await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
    }

    /**
     * A failure that could not be told yet, of a request that is then answered after all: what comes next in its place
     * has nothing to do with it. This thread is the responder's engine, so that everything happens in this order.
     */
    @Test
    @Tag("unchecked") // so that the sender of the one is that of the other
    void anOverdueFailureDoesNotHitTheNextRequestInItsPlace() throws Exception {
        CompletableFuture<RemoteSender<String>> failed = new CompletableFuture<>();
        CompletableFuture<RemoteSender<String>> next = new CompletableFuture<>();
        CompletableFuture<Void> heldUp = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        try (Engine answering = Engine.invoked(fixture.engine.aeron());
                Responder unused = Responder.builder(answering, Codec.utf8(), Codec.utf8())
                        .capacity(2)
                        .open((request, sender) -> {
                            switch (request) {
                                case "fill" -> {
                                    if (sender.send("z".repeat(1_000)) == SendResult.BACK_PRESSURED) {
                                        failed.complete(sender);
                                        throw new UnsupportedOperationException("overdue");
                                    }
                                }
                                case "meanwhile" -> {
                                    goOn.complete(null);
                                    CompletableFuture.runAsync(() -> answerIfPossible(failed.join()))
                                            .join();
                                    EngineFixture.answer(sender, "done");
                                }
                                default -> next.complete(sender);
                            }
                        })) {
            Requester<String, String> requester = fixture.requester()
                    .replyChannel(NARROW)
                    .peerTimeout(PATIENCE)
                    .open();
            while (!requester.isConnected()) {
                work(answering);
            }
            // a waker that holds up the requester's engine, so that replies get stuck
            Call<String> first = new Call<>();
            assertThat(first.ask(requester, "fill")).isEqualTo(SendResult.ACCEPTED);
            assertThat(first.receiver().poll(() -> {
                        heldUp.complete(null);
                        goOn.join();
                    }))
                    .isEqualTo(Poll.PENDING);
            while (!heldUp.isDone()) {
                work(answering);
            }
            while (!failed.isDone()) {
                assertThat(new Call<String>().ask(requester, "fill")).isEqualTo(SendResult.ACCEPTED);
                work(answering);
            }

            assertThat(new Call<String>().ask(requester, "meanwhile")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.ask(requester, "next")).isEqualTo(SendResult.ACCEPTED);
            while (!next.isDone()) {
                work(answering);
            }
            for (int i = 0; i < 10; i++) {
                work(answering);
            }

            assertThat(next.join().send("well")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("well");
        }
    }

    private static void work(Engine invoked) {
        assertThat(invoked.work()).isNotNegative();
    }

    private static void answerIfPossible(RemoteSender<String> sender) {
        try {
            SendResult unused = ResponderMain.tell(sender, "late");
        } catch (IllegalStateException consumed) {
            // the failure has it
        }
    }
}
