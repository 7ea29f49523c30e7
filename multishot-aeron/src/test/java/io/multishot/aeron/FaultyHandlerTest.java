package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.NARROW;
import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that throws, in unusual ways, fails its own request and no other. */
@Timeout(60)
class FaultyHandlerTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Throws when asked for its message. */
    private static final class MessageThrowsException extends Exception {
        private static final long serialVersionUID = 1;

        private final Class<? extends RuntimeException> instead;

        MessageThrowsException(Class<? extends RuntimeException> instead) {
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
    void anExceptionWhoseMessageThrowsFailsTheRequest(Class<? extends RuntimeException> instead) throws Exception {
        Responder responder = fixture.responder().open((request, sender) -> {
            throw new MessageThrowsException(instead);
        });
        Requester<String, String> requester = fixture.connected();

        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);

        assertThatThrownBy(() -> call.receive(TIMEOUT))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessageContaining("MessageThrowsException");
        await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
    }

    @Test
    void whatCannotBeToldToTheRequesterGoesToTheErrorHandler() throws Exception {
        List<Throwable> faults = new CopyOnWriteArrayList<>();
        fixture.engine.onError(faults::add);
        UnsupportedOperationException fault = new UnsupportedOperationException("after the reply");
        Responder unused = fixture.responder().open((request, sender) -> {
            EngineFixture.reply(sender, "done");
            throw fault;
        });
        Requester<String, String> requester = fixture.connected();

        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.receive(TIMEOUT)).isEqualTo("done");
        await().untilAsserted(() -> assertThat(faults).containsExactly(fault));

        AtomicInteger told = new AtomicInteger();
        fixture.engine.onError(each -> {
            told.incrementAndGet();
            throw new IllegalStateException("a faulty error handler");
        });
        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("done");
        await().untilAsserted(() -> assertThat(told).hasValue(1));
        fixture.engine.onError(null);
        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("done");
        assertThat(told).hasValue(1);
    }

    /**
     * A failure could not be sent yet, and the handler's sender then replies after all: the failure must not reach the
     * next request that gets the same sender. This thread runs the responder's engine, which fixes the order of events.
     */
    @Test
    @Tag("unchecked") // so that both requests get the same sender
    void anUnsentFailureDoesNotReachTheNextRequestOfItsSender() throws Exception {
        CompletableFuture<RemoteSender<String>> failed = new CompletableFuture<>();
        CompletableFuture<RemoteSender<String>> next = new CompletableFuture<>();
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<Void> resume = new CompletableFuture<>();
        try (Engine replying = Engine.invoked(fixture.engine.aeron());
                Responder unused = Responder.builder(replying, Codec.utf8(), Codec.utf8())
                        .capacity(2)
                        .open((request, sender) -> {
                            switch (request) {
                                case "fill" -> {
                                    if (sender.send("z".repeat(1_000)) == SendResult.BACK_PRESSURED) {
                                        failed.complete(sender);
                                        throw new UnsupportedOperationException("not sent yet");
                                    }
                                }
                                case "meanwhile" -> {
                                    resume.complete(null);
                                    CompletableFuture.runAsync(() -> replyIfPossible(failed.join()))
                                            .join();
                                    EngineFixture.reply(sender, "done");
                                }
                                default -> next.complete(sender);
                            }
                        })) {
            Requester<String, String> requester = fixture.requester()
                    .replyChannel(NARROW)
                    .peerTimeout(TIMEOUT)
                    .open();
            while (!requester.isConnected()) {
                work(replying);
            }
            // this waker blocks the requester's engine, so that the reply log fills up
            Call<String> first = new Call<>();
            assertThat(first.ask(requester, "fill")).isEqualTo(SendResult.ACCEPTED);
            assertThat(first.receiver().poll(() -> {
                        blocked.complete(null);
                        resume.join();
                    }))
                    .isEqualTo(Poll.PENDING);
            while (!blocked.isDone()) {
                work(replying);
            }
            while (!failed.isDone()) {
                assertThat(new Call<String>().ask(requester, "fill")).isEqualTo(SendResult.ACCEPTED);
                work(replying);
            }

            assertThat(new Call<String>().ask(requester, "meanwhile")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.ask(requester, "next")).isEqualTo(SendResult.ACCEPTED);
            while (!next.isDone()) {
                work(replying);
            }
            for (int i = 0; i < 10; i++) {
                work(replying);
            }

            assertThat(next.join().send("well")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("well");
        }
    }

    private static void work(Engine invoked) {
        assertThat(invoked.work()).isNotNegative();
    }

    private static void replyIfPossible(RemoteSender<String> sender) {
        try {
            SendResult unused = ResponderMain.trySend(sender, "late");
        } catch (IllegalStateException consumed) {
            // the failure was sent first
        }
    }
}
