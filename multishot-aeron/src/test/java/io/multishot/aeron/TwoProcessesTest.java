package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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
 * The responder is in another process, over loopback UDP and over shared memory; and how requests end when that process
 * does.
 */
@Timeout(90)
class TwoProcessesTest {
    private static final Duration PEER_TIMEOUT = Duration.ofMillis(500);

    /** For a machine under load. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Call<String> call = new Call<>();

    enum Transport {
        UDP,
        IPC
    }

    /** The engine of this side, and the means to start the responder. */
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

        /** Has a peer timeout that a machine under load does not exceed. */
        Requester<String, String> connected() throws InterruptedException {
            return connected(TIMEOUT);
        }

        Requester<String, String> connected(Duration peerTimeout) throws InterruptedException {
            Requester<String, String> requester = requester(peerTimeout);
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            return requester;
        }
    }

    @AfterEach
    void close() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private void assertWorks(Requester<String, String> requester) throws Exception {
        assertThat(call.ask(requester, "echo")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("echo");
    }

    private List<Call<String>> sendTenRequests(Requester<String, String> requester) {
        List<Call<String>> calls = Stream.generate(Call<String>::new).limit(10).toList();
        for (Call<String> each : calls) {
            assertThat(each.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        }
        return calls;
    }

    private static void assertAllLost(List<Call<String>> calls, String why) {
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
    void theResponderMayStartLater(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        Requester<String, String> requester = ends.requester(TIMEOUT);
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        ends.responder();

        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        assertWorks(requester);
        String large = "x".repeat(100_000);
        assertThat(call.ask(requester, large)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void requestsInFlightFailWhenTheResponderIsKilledAndNewOnesWorkWhenItIsBack(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ChildProcess first = ends.responder();
        Requester<String, String> requester = ends.connected(PEER_TIMEOUT);
        assertWorks(requester);
        List<Call<String>> calls = sendTenRequests(requester);
        assertThat(calls.get(0).receiver().poll(() -> {})).isEqualTo(Poll.PENDING);

        first.kill();

        assertAllLost(calls, "was not heard for 500 ms");
        assertThat(requester.inFlight()).isZero();
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        ends.responder();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        assertWorks(requester);
    }

    @ParameterizedTest
    @EnumSource
    void requestsToARestartedResponderFailEvenIfTheGapWasNotNoticed(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ChildProcess first = ends.responder();
        Requester<String, String> requester = ends.connected(Duration.ofMinutes(5));
        List<Call<String>> calls = sendTenRequests(requester);

        first.kill();
        ends.responder();

        assertAllLost(calls, "was restarted");
        // The requester connects to the successor just after the last of them has failed.
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        assertWorks(requester);
    }

    @ParameterizedTest
    @EnumSource
    void requestsInFlightFailAtOnceWhenTheResponderCloses(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = sendTenRequests(requester);

        assertThat(call.ask(requester, "close")).isEqualTo(SendResult.ACCEPTED);

        assertAllLost(calls, "was closed");
    }

    @ParameterizedTest
    @EnumSource
    void aLateReplyIsRefusedAndAffectsNoOtherRequest(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = sendTenRequests(requester);
        for (Call<String> each : calls) {
            assertThatThrownBy(() -> each.receive(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        }
        Call<String> other = new Call<>();
        assertThat(other.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.ask(requester, "release")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.receive(TIMEOUT)).isEqualTo("released 11");
        assertThat(other.receive(TIMEOUT)).isEqualTo("kept");
        assertThat(requester.refused()).isEqualTo(calls.size());
    }

    @ParameterizedTest
    @EnumSource
    void closingARequesterFailsItsRequestsAndTheResponderKeepsWorking(Transport transport) throws Exception {
        Ends ends = new Ends(transport);
        ends.responder();
        Requester<String, String> requester = ends.connected();
        List<Call<String>> calls = sendTenRequests(requester);

        requester.close();

        for (Call<String> each : calls) {
            assertThatThrownBy(() -> each.receive(TIMEOUT)).cause().isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> call.ask(requester, "?"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        Requester<String, String> next = ends.connected();
        assertThat(call.ask(next, "release")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT))
                .as("replies that were sent to a closed requester")
                .isEqualTo("released 0");
    }

    @ParameterizedTest
    @EnumSource
    void aHedgedRequestGoesToTwoRespondersAndTheFirstReplyWins(Transport transport) throws Exception {
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
        assertThat(second.receive(TIMEOUT)).isEqualTo("answer");
        assertThat(first.giveUp()).isTrue();
        assertThat(first.ask(backup, "next")).isEqualTo(SendResult.ACCEPTED);
        assertThat(first.receive(TIMEOUT)).isEqualTo("next");
        killed.kill();
        await().atMost(TIMEOUT.toSeconds(), TimeUnit.SECONDS).until(() -> !primary.isConnected());
    }
}
