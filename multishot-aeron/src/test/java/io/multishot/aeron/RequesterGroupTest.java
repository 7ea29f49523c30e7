package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.NARROW;
import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each request of a group goes to one responder, which is connected and has room. */
@Timeout(60)
class RequesterGroupTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final EngineFixture fixture = new EngineFixture();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Replies with its number, but keeps what is to be kept. */
    private Responder responder(int stream) {
        return fixture.responder().stream(stream).open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                EngineFixture.reply(sender, "" + stream);
            }
        });
    }

    private Requester<String, String> requester(int stream) {
        return fixture.requester().stream(stream).capacity(2).open();
    }

    /** Opens requesters of the streams 1, 2, … */
    private List<Requester<String, String>> requesters(int count) {
        List<Requester<String, String>> requesters = new ArrayList<>();
        for (int stream = 1; stream <= count; stream++) {
            requesters.add(requester(stream));
        }
        return requesters;
    }

    private List<Requester<String, String>> connected(int count) throws InterruptedException {
        for (int stream = 1; stream <= count; stream++) {
            Responder unused = responder(stream);
        }
        List<Requester<String, String>> requesters = requesters(count);
        for (Requester<String, String> each : requesters) {
            assertThat(each.awaitConnected(TIMEOUT)).isTrue();
        }
        return requesters;
    }

    private void keep(Requester<String, String> requester) {
        assertThat(new Call<String>().ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
    }

    private static String ask(RequesterGroup<String, String> group, Call<String> call) throws Exception {
        assertThat(group.ask(call, "?")).isEqualTo(SendResult.ACCEPTED);
        return call.receive(TIMEOUT);
    }

    /** Asks so many times, and returns the replies, which say who was asked. */
    private List<String> ask(RequesterGroup<String, String> group, int times) throws Exception {
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            replies.add(ask(group, call));
        }
        return replies;
    }

    @Test
    void eachIsAskedInTurn() throws Exception {
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(connected(3));
        assertThat(ask(group, 7)).containsExactly("1", "2", "3", "1", "2", "3", "1");
    }

    @Test
    void threadsShareTheTurns() throws Exception {
        List<Requester<String, String>> wide = new ArrayList<>();
        for (int stream = 1; stream <= 3; stream++) {
            Responder unused = responder(stream);
            wide.add(fixture.connected(fixture.requester().stream(stream)));
        }
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(wide);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<List<String>> asking = () -> {
                List<String> replies = new ArrayList<>();
                Call<String> own = new Call<>();
                for (int i = 0; i < 300; i++) {
                    replies.add(ask(group, own));
                }
                return replies;
            };
            List<String> all = new ArrayList<>();
            for (Future<List<String>> each : threads.invokeAll(Collections.nCopies(4, asking))) {
                all.addAll(each.get());
            }
            for (String each : List.of("1", "2", "3")) {
                assertThat(Collections.frequency(all, each)).isEqualTo(400);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theOthersTakeTurnsWhileOneIsLost() throws Exception {
        List<Requester<String, String>> requesters = requesters(3);
        Responder first = responder(1);
        Responder second = responder(2);
        Responder third = responder(3);
        for (Requester<String, String> each : requesters) {
            assertThat(each.awaitConnected(TIMEOUT)).isTrue();
        }
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(requesters);

        second.close();
        await().until(() -> !requesters.get(1).isConnected());
        assertThat(ask(group, 6)).containsExactly("1", "3", "1", "3", "1", "3");

        Responder returned = responder(2);
        assertThat(requesters.get(1).awaitConnected(TIMEOUT)).isTrue();
        assertThat(ask(group, 6)).containsExactlyInAnyOrder("1", "1", "2", "2", "3", "3");

        List.of(first, returned, third).forEach(Responder::close);
        await().until(() -> !group.isConnected());
        assertThat(group.ask(call, "?")).isEqualTo(SendResult.NOT_CONNECTED);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);

        Responder unused = responder(3);
        assertThat(group.awaitAsk(call, "?", TIMEOUT)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("3");
    }

    @Test
    void oneThatIsClosedIsPassedOver() throws Exception {
        List<Requester<String, String>> requesters = connected(3);
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(requesters);
        requesters.get(0).close();
        assertThat(ask(group, 4)).containsExactly("2", "3", "2", "3");
        group.close();
        group.close();
        assertThat(requesters).noneMatch(Requester::isConnected);
        assertThatIllegalStateException().isThrownBy(() -> group.ask(call, "?")).withMessageContaining("closed");
    }

    @Test
    void oneThatIsClosedWhileItIsAskedIsPassedOver() throws Exception {
        List<Requester<String, String>> closing = new ArrayList<>();
        Encoder<String> closes = new Encoder<>() {
            @Override
            public int length(String message) {
                closing.get(0).close();
                return 0;
            }

            @Override
            public void encode(String message, MutableDirectBuffer buffer, int offset) {
                throw new AssertionError("nothing can be sent");
            }
        };
        Requester<String, String> other = connected(1).get(0);
        closing.add(Requester.builder(fixture.engine, closes, Codec.utf8()).open());
        closing.add(other);
        assertThat(closing.get(0).awaitConnected(TIMEOUT)).isTrue();
        assertThat(ask(RequesterGroup.roundRobin(closing), 2)).containsExactly("1", "1");
    }

    @Test
    void oneThatIsFullIsPassedOver() throws Exception {
        List<Requester<String, String>> requesters = connected(3);
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(requesters);
        keep(requesters.get(0));
        keep(requesters.get(0));
        assertThat(ask(group, 6)).containsExactly("2", "2", "3", "2", "2", "3");

        keep(requesters.get(1));
        keep(requesters.get(1));
        assertThat(ask(group, 3)).containsExactly("3", "3", "3");
        keep(requesters.get(2));
        keep(requesters.get(2));
        assertThat(group.ask(call, "?")).isEqualTo(SendResult.FULL);
        assertThat(group.awaitAsk(call, "?", SHORT)).isEqualTo(SendResult.FULL);
        assertThat(group.awaitAsk(call, "?", Duration.ZERO)).isEqualTo(SendResult.FULL);

        Thread replying = new Thread(() -> kept.forEach(sender -> EngineFixture.reply(sender, "!")));
        replying.start();
        assertThat(group.awaitAsk(call, "?", TIMEOUT)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isIn("1", "2", "3");
        replying.join();
    }

    @Test
    void oneThatIsBackPressuredIsPassedOver() throws Exception {
        try (Engine stalled = Engine.invoked(fixture.engine.aeron());
                Responder jammed = Responder.builder(stalled, Codec.utf8(), Codec.utf8())
                        .channel(NARROW)
                        .open(EngineFixture::echo)) {
            Responder echo = responder(2);
            Requester<String, String> narrow =
                    fixture.requester().channel(NARROW).open();
            while (!narrow.isConnected()) {
                stalled.work();
            }
            List<Call<String>> jamming = new ArrayList<>();
            SendResult result = SendResult.ACCEPTED;
            while (result == SendResult.ACCEPTED) {
                Call<String> each = new Call<>();
                jamming.add(each);
                result = each.ask(narrow, "x".repeat(1_000));
            }
            assertThat(result).isEqualTo(SendResult.BACK_PRESSURED);
            RequesterGroup<String, String> group =
                    RequesterGroup.roundRobin(List.of(narrow, fixture.connected(fixture.requester().stream(2))));
            assertThat(ask(group, 4)).containsExactly("2", "2", "2", "2");
            assertThat(jammed.inHand() + echo.inHand()).isZero();
        }
    }

    @Test
    void theIdleOneIsAsked() throws Exception {
        List<Requester<String, String>> requesters = connected(3);
        RequesterGroup<String, String> group = RequesterGroup.leastInFlight(requesters);
        assertThat(ask(group, 6)).as("in turn").containsExactly("1", "2", "3", "1", "2", "3");
        keep(requesters.get(0));
        keep(requesters.get(2));
        assertThat(ask(group, 5)).containsExactly("2", "2", "2", "2", "2");
        keep(requesters.get(1));
        keep(requesters.get(0));
        assertThat(ask(group, 6)).containsOnly("2", "3");
    }

    @Test
    void aRequestHasItsPatience() throws Exception {
        Duration patience = Duration.ofSeconds(2);
        RequesterGroup<String, String> group = RequesterGroup.leastInFlight(connected(2));
        assertThat(group.ask(call, "keep", patience)).isEqualTo(SendResult.ACCEPTED);
        assertThat(kept.take().remaining()).isLessThan(patience);
        assertThatThrownBy(() -> call.receive(TIMEOUT)).isInstanceOf(SenderFailedException.class);
        assertThat(group.awaitAsk(call, "keep", patience)).isEqualTo(SendResult.ACCEPTED);
        assertThat(kept.take().remaining()).isLessThan(patience);
        assertThatIllegalArgumentException().isThrownBy(() -> group.ask(call, "?", Duration.ZERO));
    }

    @Test
    void anInvokedEngineWorksMeanwhile() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            RequesterBuilder<String, String> settings = Requester.builder(invoked, Codec.utf8(), Codec.utf8());
            Responder unused = responder(2);
            RequesterGroup<String, String> group = RequesterGroup.roundRobin(
                    List.of(settings.stream(1).open(), settings.stream(2).open()));
            assertThat(group.awaitAsk(call, "?", TIMEOUT)).isEqualTo(SendResult.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                invoked.work();
            }
            assertThat(call.receiver().take()).isEqualTo("2");
        }
    }

    @Test
    void whatACallRefusesIsRefused() throws Exception {
        List<Requester<String, String>> requesters = connected(2);
        RequesterGroup<String, String> group = RequesterGroup.roundRobin(requesters);
        assertThat(group.ask(call, "keep")).isEqualTo(SendResult.ACCEPTED);
        assertThatIllegalStateException()
                .isThrownBy(() -> group.ask(call, "second"))
                .withMessageContaining("in flight");
        EngineFixture.reply(kept.take(), "kept");
        assertThat(call.receive(TIMEOUT)).isEqualTo("kept");

        assertThatIllegalArgumentException().isThrownBy(() -> RequesterGroup.roundRobin(List.of()));
        RequesterGroup<String, String> nobody = RequesterGroup.roundRobin(List.of(requester(8), requester(9)));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> nobody.awaitAsk(call, "?", TIMEOUT));
    }
}
