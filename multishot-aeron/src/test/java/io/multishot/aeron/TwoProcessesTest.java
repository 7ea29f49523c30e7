package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeron.CommonContext;
import io.multishot.Poll;
import io.multishot.Receivers;
import io.multishot.SenderFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The responder in another process, over loopback UDP and over shared memory; and what becomes of requests when it
 * goes.
 */
@Timeout(90)
class TwoProcessesTest {
    private static final Duration PEER_TIMEOUT = Duration.ofMillis(500);

    /** On a machine that has other things to do as well. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Call<String> call = new Call<>();

    enum Transport {
        UDP,
        IPC
    }

    /** This side, and how to start the other. */
    private final class Ends {
        final Engine engine;
        final String channel;
        final String[] driver;

        Ends(Transport transport) throws IOException {
            if (transport == Transport.UDP) {
                engine = Engine.embedded();
                channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
                driver = new String[] {};
            } else {
                Path directory = Path.of(CommonContext.generateRandomDirName());
                engine = Engine.embedded(directory);
                channel = "aeron:ipc";
                driver = new String[] {directory.toString()};
            }
            toClose.add(engine);
        }

        ChildProcess responder() throws IOException {
            ChildProcess child = ChildProcess.start(ResponderMain.class, channel, driver);
            toClose.add(child);
            return child;
        }

        Requester<String, String> requester(Duration peerTimeout) {
            return Requester.builder(engine, Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .peerTimeout(peerTimeout)
                    .open();
        }

        /** One that loses nobody only because the machine has other things to do as well. */
        Requester<String, String> connected() throws InterruptedException {
            return connected(PATIENCE);
        }

        Requester<String, String> connected(Duration peerTimeout) throws InterruptedException {
            Requester<String, String> requester = requester(peerTimeout);
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();
            return requester;
        }
    }

    @AfterEach
    void close() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private void works(Requester<String, String> requester) throws Exception {
        assertThat(call.ask(requester, "echo")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("echo");
    }

    private List<Call<String>> inFlight(Requester<String, String> requester) {
        List<Call<String>> calls = Stream.generate(Call<String>::new).limit(10).toList();
        for (Call<String> each : calls) {
            assertThat(each.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        }
        return calls;
    }

    private static void allAreLost(List<Call<String>> calls, String why) {
        for (Call<String> each : calls) {
            assertThatThrownBy(() -> each.receive(PEER_TIMEOUT.plus(SLACK)))
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining(why);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theResponderMayComeLater(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        Requester<String, String> requester = ends.requester(PATIENCE);
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        ends.responder();

        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        works(requester);
        String large = "x".repeat(300_000);
        assertThat(call.ask(requester, large)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void requestsInFlightFailWhenTheResponderIsKilledAndNewOnesWorkWhenItIsBack(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ChildProcess first = ends.responder();
        Requester<String, String> requester = ends.connected(PEER_TIMEOUT);
        works(requester);
        List<Call<String>> calls = inFlight(requester);
        assertThat(calls.get(0).receiver().poll(() -> {})).isEqualTo(Poll.PENDING);

        first.kill();

        allAreLost(calls, "was not heard for 500 ms");
        assertThat(requester.inFlight()).isZero();
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        ends.responder();
        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        works(requester);
    }

    @ParameterizedTest
    @EnumSource
    void requestsToAResponderThatWasRestartedFailEvenIfNobodyNoticedTheGap(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ChildProcess first = ends.responder();
        Requester<String, String> requester = ends.connected(Duration.ofMinutes(5));
        List<Call<String>> calls = inFlight(requester);

        first.kill();
        ends.responder();

        allAreLost(calls, "was restarted");
        // The successor is known a moment after the last of them has failed.
        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        works(requester);
    }

    @ParameterizedTest
    @EnumSource
    void requestsInFlightFailAtOnceWhenTheResponderCloses(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = inFlight(requester);

        assertThat(call.ask(requester, "close")).isEqualTo(SendResult.ACCEPTED);

        allAreLost(calls, "was closed");
    }

    @ParameterizedTest
    @EnumSource
    void aLateReplyIsRefusedAndDisturbsNobody(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = inFlight(requester);
        for (Call<String> each : calls) {
            assertThatThrownBy(() -> each.receive(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        }
        Call<String> other = new Call<>();
        assertThat(other.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.ask(requester, "release")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.receive(PATIENCE)).isEqualTo("released 11");
        assertThat(other.receive(PATIENCE)).isEqualTo("kept");
        assertThat(requester.refused()).isEqualTo(calls.size());
    }

    @ParameterizedTest
    @EnumSource
    void aRequesterThatClosesWithRequestsInFlightFailsThemAndLeavesTheResponderWell(Transport transport)
            throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = inFlight(requester);

        requester.close();

        for (Call<String> each : calls) {
            assertThatThrownBy(() -> each.receive(PATIENCE)).cause().isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> call.ask(requester, "?"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        Requester<String, String> next = ends.connected();
        assertThat(call.ask(next, "release")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(PATIENCE))
                .as("answers to a requester that is gone")
                .isEqualTo("released 0");
    }

    @ParameterizedTest
    @EnumSource
    void aHedgedRequestGoesToTwoAndTheFirstReplyWins(Transport transport) throws Exception {
        Ends slow = new Ends(transport);
        Ends quick = new Ends(transport);
        ChildProcess killed = slow.responder();
        quick.responder();
        Requester<String, String> primary = slow.connected(Duration.ofSeconds(5));
        Requester<String, String> backup = quick.connected();
        Call<String> first = new Call<>();
        Call<String> second = new Call<>();
        assertThat(first.ask(primary, "keep")).isEqualTo(SendResult.ACCEPTED);
        assertThat(second.ask(backup, "answer")).isEqualTo(SendResult.ACCEPTED);

        int winner = Receivers.awaitAny(List.of(first.receiver(), second.receiver()));

        assertThat(winner).isEqualTo(1);
        assertThat(second.receive(PATIENCE)).isEqualTo("answer");
        assertThat(first.giveUp()).isTrue();
        assertThat(first.ask(backup, "next")).isEqualTo(SendResult.ACCEPTED);
        assertThat(first.receive(PATIENCE)).isEqualTo("next");
        killed.kill();
        await().atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS).until(() -> !primary.isConnected());
    }
}
