package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderDroppedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two responders, each of which ends a request in any way, in each order; and the next request works. */
@Timeout(60)
class HedgedCallTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration NEVER = Duration.ofMinutes(10);

    private static EngineFixture fixture;
    private static Side primary;
    private static Side backup;

    /** What a responder does with a request. */
    private enum Ending {
        SUCCESS(null),
        FAILURE(RemoteFailureException.class),
        REFUSAL(RequestRefusedException.class),
        DROP(SenderDroppedException.class),
        NOT_CONNECTED(RequestNotSentException.class),
        SILENCE(null),
        LATENESS(null);

        /** Null if it is no failure. */
        final Class<? extends Throwable> failure;

        Ending(Class<? extends Throwable> failure) {
            this.failure = failure;
        }

        boolean isNeverInTime() {
            return this == SILENCE || this == LATENESS;
        }
    }

    /** A responder with one place, and a requester of it. */
    private static final class Side {
        final String name;
        final int stream;
        final Responder responder;
        final Requester<String, String> requester;
        final Requester<String, String> unconnected;

        /** Shares its connection, and so its quota, with the requester. */
        final Requester<String, String> occupier;

        /** Senders of requests that get no reply in time. */
        final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

        volatile Ending ending = Ending.SUCCESS;

        /** Completes when a request may end. */
        volatile CompletableFuture<Void> go;

        /** Completes when a request has ended, or will not. */
        volatile CompletableFuture<Void> ended = new CompletableFuture<>();

        Side(String name, int stream) throws InterruptedException {
            this.name = name;
            this.stream = stream;
            responder = fixture.responder().stream(stream)
                    .capacity(1)
                    .maxWait(Duration.ZERO)
                    .open(this::handle);
            RequesterBuilder<String, String> settings =
                    fixture.requester().stream(stream).peerTimeout(TIMEOUT);
            requester = fixture.connected(settings);
            occupier = fixture.connected(settings);
            unconnected = fixture.requester().stream(stream + 10).open();
        }

        void handle(String request, RemoteSender<String> sender) {
            if (request.equals("occupy")) {
                kept.add(sender);
            } else if (request.equals("barrier")) {
                EngineFixture.reply(sender, request);
            } else {
                go.thenRun(() -> {
                    end(request, sender);
                    ended.complete(null);
                });
            }
        }

        void end(String request, RemoteSender<String> sender) {
            switch (ending) {
                case SUCCESS -> EngineFixture.reply(sender, name + " " + request);
                case FAILURE -> assertThat(sender.fail(new Exception("broken"))).isEqualTo(SendResult.ACCEPTED);
                case DROP -> assertThat(sender.drop()).isEqualTo(SendResult.ACCEPTED);
                default -> kept.add(sender);
            }
        }

        Requester<String, String> requester() {
            return ending == Ending.NOT_CONNECTED ? unconnected : requester;
        }

        void prepare(Ending next, CompletableFuture<Void> mayEnd) {
            ending = next;
            go = mayEnd;
            ended = new CompletableFuture<>();
            if (next == Ending.REFUSAL) {
                Call<String> occupying = new Call<>();
                assertThat(occupying.ask(occupier, "occupy")).isEqualTo(SendResult.ACCEPTED);
                soon().until(() -> !kept.isEmpty());
            }
            if (next == Ending.REFUSAL || next == Ending.NOT_CONNECTED) {
                ended.complete(null);
            }
        }

        /** Awaits that the responder has seen what was sent to it so far. */
        void awaitArrivals() {
            try (Call<String> barrier = new Call<>()) {
                assertThat(barrier.ask(occupier, "barrier")).isEqualTo(SendResult.ACCEPTED);
                soon().until(() -> barrier.receiver().poll(() -> {}) != Poll.PENDING); // it may be refused
            }
        }

        /** Replies to what has had no reply yet: nobody gets that. */
        void replyLate() throws InterruptedException {
            awaitArrivals();
            assertThat(requester.inFlight() + unconnected.inFlight()).isZero();
            boolean isOccupying = ending == Ending.REFUSAL;
            long least = requester.refused() + (isOccupying ? 0 : kept.size());
            while (!kept.isEmpty()) {
                RemoteSender<String> each = kept.take();
                soon().until(() -> isOccupying || each.isAbandoned());
                EngineFixture.reply(each, "late");
            }
            soon().untilAsserted(() -> assertThat(requester.refused()).isGreaterThanOrEqualTo(least));
            soon().until(() -> responder.inHand() == 0);
        }
    }

    @BeforeAll
    static void open() throws InterruptedException {
        fixture = new EngineFixture();
        primary = new Side("primary", 1);
        backup = new Side("backup", 2);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void succeed() {
        primary.awaitArrivals();
        backup.awaitArrivals();
        prepare(Ending.SUCCESS, Ending.SUCCESS);
    }

    /** Awaits what takes microseconds, many times. */
    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void prepare(Ending first, Ending second) {
        primary.prepare(first, CompletableFuture.completedFuture(null));
        backup.prepare(second, CompletableFuture.completedFuture(null));
    }

    private static HedgedCall<String, String> hedged(Duration delay) {
        return new HedgedCall<>(List.of(primary.requester(), backup.requester()), delay);
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Ending.values())
                .flatMap(first -> Arrays.stream(Ending.values())
                        .flatMap(second -> Stream.of(false, true)
                                .map(isBackupFirst -> Arguments.of(first, second, isBackupFirst))));
    }

    @ParameterizedTest(name = "primary {0}, backup {1}, backup first: {2}")
    @MethodSource("pairs")
    void theFirstSuccessWins(Ending first, Ending second, boolean isBackupFirst) throws Exception {
        prepare(first, second);
        if (isBackupFirst) {
            primary.go = backup.ended;
        }
        boolean isHedged = isBackupFirst || first.isNeverInTime();
        boolean isSuccess = first == Ending.SUCCESS || second == Ending.SUCCESS;
        boolean isLate = !isSuccess && (first.isNeverInTime() || second.isNeverInTime());
        try (HedgedCall<String, String> call = hedged(isHedged ? Duration.ofMillis(1) : NEVER)) {
            if (isSuccess) {
                String reply = call.askAndReceive("?", TIMEOUT);
                if (isBackupFirst && first == second) {
                    assertThat(reply).isIn("primary ?", "backup ?");
                } else {
                    assertThat(reply).isEqualTo(first == Ending.SUCCESS ? "primary ?" : "backup ?");
                }
            } else if (isLate) {
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> call.askAndReceive("?", SHORT))
                        .withMessageContaining("PT0.1S");
            } else {
                Throwable failed = catchThrowable(() -> call.askAndReceive("?", TIMEOUT));
                assertThat(failed).isInstanceOf(HedgeFailedException.class);
                assertThat(failed.getSuppressed()).hasSize(1);
                Class<?> last = failed.getCause().getClass();
                Class<?> other = failed.getSuppressed()[0].getClass();
                assertThat(List.of(other, last)).containsExactlyInAnyOrder(first.failure, second.failure);
                if (!isBackupFirst) {
                    assertThat(last).isEqualTo(second.failure);
                }
            }
            primary.replyLate();
            backup.replyLate();

            boolean isUnconnected = first == Ending.NOT_CONNECTED && second == Ending.NOT_CONNECTED;
            assertNextWorks(call, isUnconnected, first == Ending.NOT_CONNECTED ? "backup next" : "primary next");
        }
    }

    private static void assertNextWorks(HedgedCall<String, String> call, boolean isUnconnected, String expected)
            throws Exception {
        prepare(Ending.SUCCESS, Ending.SUCCESS);
        if (isUnconnected) {
            try (Responder found =
                    fixture.responder().stream(backup.stream + 10).open(backup::handle)) {
                assertThat(backup.unconnected.awaitConnected(TIMEOUT)).isTrue();
                assertThat(call.askAndReceive("next", TIMEOUT)).isEqualTo(expected);
                assertThat(found.inHand()).isZero();
            }
            soon().until(() -> !backup.unconnected.isConnected());
        } else {
            assertThat(call.askAndReceive("next", TIMEOUT)).isEqualTo(expected);
        }
    }

    @Test
    void theBackupIsNotAskedBeforeTheDelay() throws Exception {
        try (HedgedCall<String, String> call = hedged(NEVER)) {
            backup.go = new CompletableFuture<>(); // whatever reaches the backup stays there
            for (int i = 0; i < 100; i++) {
                assertThat(call.askAndReceive("" + i, TIMEOUT)).isEqualTo("primary " + i);
            }
        }
        assertThat(backup.responder.inHand()).isZero();
    }

    /** Many requests are given up at the moment when their outcome arrives. */
    @Test
    void bothMayReplyAtOnce() throws Exception {
        try (HedgedCall<String, String> call = hedged(Duration.ZERO)) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(call.askAndReceive("" + i, TIMEOUT)).isIn("primary " + i, "backup " + i);
            }
            soon().until(() -> primary.responder.inHand() + backup.responder.inHand() == 0);
        }
        assertThat(primary.requester.inFlight() + backup.requester.inFlight()).isZero();
    }

    /** The reply is claimed, so the request cannot be given up, and it is not there yet. */
    @Test
    void aRequestWhoseReplyIsBeingDecodedDoesNotAffectTheNext() throws Exception {
        CompletableFuture<Void> decoding = new CompletableFuture<>();
        CountDownLatch resume = new CountDownLatch(1);
        try (Engine stalled = Engine.of(fixture.engine.aeron());
                Requester<String, String> requester = Requester.builder(
                                stalled, Codec.utf8(), (buffer, offset, length) -> {
                                    decoding.complete(null);
                                    awaitUnchecked(resume);
                                    return Codec.utf8().decode(buffer, offset, length);
                                })
                        .stream(primary.stream)
                        .open();
                HedgedCall<String, String> call =
                        new HedgedCall<>(List.of(requester, backup.requester), Duration.ZERO)) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            backup.go = decoding;
            assertThat(call.askAndReceive("?", TIMEOUT)).isEqualTo("backup ?");

            prepare(Ending.SUCCESS, Ending.SILENCE);
            primary.ended.thenRun(resume::countDown);
            assertThat(call.askAndReceive("next", TIMEOUT)).isEqualTo("primary next");
            assertThat(requester.refused()).isEqualTo(1);
        } finally {
            resume.countDown();
            backup.replyLate();
        }
    }

    @Test
    void anInterruptGivesAllUp() throws Exception {
        prepare(Ending.SILENCE, Ending.SILENCE);
        try (HedgedCall<String, String> call = hedged(Duration.ZERO)) {
            Thread asking = Thread.currentThread();
            backup.ended.thenRun(asking::interrupt);
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> call.askAndReceive("?", NEVER));
            assertThat(Thread.interrupted()).isFalse();
            primary.replyLate();
            backup.replyLate();
            assertNextWorks(call, false, "primary next");
        }
    }

    @Test
    void aLostResponderIsAFailure() throws Exception {
        Responder leaving = fixture.responder().stream(5).open((request, sender) -> backup.kept.add(sender));
        Requester<String, String> lost = fixture.connected(fixture.requester().stream(5));
        Thread closing = new Thread(() -> {
            soon().until(() -> !backup.kept.isEmpty());
            leaving.close();
        });
        closing.start();
        try (HedgedCall<String, String> call = new HedgedCall<>(List.of(lost, backup.requester), NEVER);
                HedgedCall<String, String> alone = new HedgedCall<>(List.of(lost), NEVER)) {
            assertThat(call.askAndReceive("?", TIMEOUT)).isEqualTo("backup ?");
            assertThatExceptionOfType(HedgeFailedException.class)
                    .isThrownBy(() -> alone.askAndReceive("?", TIMEOUT))
                    .withStackTraceContaining("NOT_CONNECTED");
            closing.join();
            backup.kept.clear();
            lost.close();
            assertThat(call.askAndReceive("again", TIMEOUT)).isEqualTo("backup again");
            assertThatExceptionOfType(HedgeFailedException.class)
                    .isThrownBy(() -> alone.askAndReceive("?", TIMEOUT))
                    .withStackTraceContaining("is closed");
        }
    }

    /** The requesters' engine works while this waits, and so do the responders that are on it. */
    @Test
    void anInvokedEngineWorksMeanwhile() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            ResponderBuilder<String, String> responders = Responder.builder(invoked, Codec.utf8(), Codec.utf8());
            Responder silent = responders.stream(6).open((request, sender) -> primary.kept.add(sender));
            Responder echo = responders.stream(7).open(EngineFixture::echo);
            RequesterBuilder<String, String> settings = Requester.builder(invoked, Codec.utf8(), Codec.utf8());
            Requester<String, String> first = fixture.connected(settings.stream(6));
            Requester<String, String> second = fixture.connected(settings.stream(7));
            try (HedgedCall<String, String> call = new HedgedCall<>(List.of(first, second), Duration.ofMillis(1));
                    HedgedCall<String, String> alone = new HedgedCall<>(List.of(first), NEVER)) {
                for (int i = 0; i < 10; i++) {
                    assertThat(call.askAndReceive("" + i, TIMEOUT)).isEqualTo("" + i);
                }
                assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> alone.askAndReceive("?", SHORT));
            }
            // the last one may have been late already
            while (silent.inHand() < 10 || !primary.kept.stream().allMatch(RemoteSender::isAbandoned)) {
                invoked.work();
            }
            assertThat(echo.inHand()).isZero();
        } finally {
            primary.kept.clear();
        }
    }

    @Test
    void aHandlerCannotWaitForItself() throws Exception {
        Responder asking = fixture.responder().stream(8)
                .open((request, sender) ->
                        EngineFixture.reply(sender, hedged(NEVER).askAndReceive(request, TIMEOUT)));
        Requester<String, String> requester = fixture.connected(fixture.requester().stream(8));
        try (Call<String> call = new Call<>()) {
            assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
            assertThatThrownBy(() -> call.receive(TIMEOUT)).hasStackTraceContaining("a handler or waker must not");
        }
        assertThat(asking.inHand()).isZero();
    }

    @Test
    void misuseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HedgedCall<>(List.of(), NEVER));
        HedgedCall<String, String> call = hedged(NEVER);
        assertThatIllegalArgumentException().isThrownBy(() -> call.askAndReceive("?", Duration.ZERO));
        call.close();
        call.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> call.askAndReceive("?", TIMEOUT))
                .withMessageContaining("closed");
        assertThat(primary.requester.isConnected()).isTrue();
    }
}
