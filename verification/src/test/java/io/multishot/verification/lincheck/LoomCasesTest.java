package io.multishot.verification.lincheck;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The original's cases for its model checker, Loom, each for send, drop and our fail, and for both kinds of receiver.
 * The original checks less when a case ends early. Here the end of each case is checked after the threads have ended: a
 * sender that was used has called the waker that was registered last, exactly once.
 */
@Tag("interleavings")
class LoomCasesTest {
    static Stream<Arguments> callsAndKinds() {
        return Arrays.stream(ConsumingCall.values())
                .flatMap(call -> Arrays.stream(ReceiverKind.values()).map(kind -> arguments(call, kind)));
    }

    /** A poll races with the sender: it sees the outcome, or its waker is called and the next poll sees it. */
    @ParameterizedTest
    @MethodSource("callsAndKinds")
    @DisplayName("multishotLoomSendNotify, multishotLoomDropNotify")
    void notifies(ConsumingCall call, ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> call.on(sender), receiver, sender, waker);

            Poll polled = receiver.poll(waker);
            if (polled == Poll.PENDING) {
                if (waker.calls() != 0) {
                    Require.that(receiver.poll(waker) == call.outcome, "after a wake-up the outcome is visible");
                }
            } else {
                Require.that(polled == call.outcome, "the outcome is the sender's");
            }

            Require.that(sending.join(), "the outcome is handed over");
            Require.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "one call for one registration");
            Require.that(receiver.poll(waker) == call.outcome, "the outcome stays until it is taken");
            call.take(receiver);
        });
    }

    /** The waker changes back and forth while the sender is used: only the one that was registered last is called. */
    @ParameterizedTest
    @MethodSource("callsAndKinds")
    @DisplayName("multishotLoomSendChangeWaker, multishotLoomDropChangeWaker")
    void changesWaker(ConsumingCall call, ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter one = new WakeCounter();
            WakeCounter two = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> call.on(sender), receiver, sender, one, two);

            WakeCounter last = null;
            if (pending(receiver, one, two, call)) {
                last = one;
                if (pending(receiver, two, one, call)) {
                    last = two;
                    if (pending(receiver, one, two, call)) {
                        last = one;
                    }
                }
            }

            Require.that(sending.join(), "the outcome is handed over");
            Require.that(one.calls() == (last == one ? 1 : 0), "the first waker is called if it was registered last");
            Require.that(two.calls() == (last == two ? 1 : 0), "the second waker is called if it was registered last");
            call.take(receiver);
        });
    }

    /** Polls with this waker; returns false if there was an outcome, so that the previous waker stays the last one. */
    private static boolean pending(
            Receiver<String> receiver, WakeCounter waker, WakeCounter other, ConsumingCall call) {
        Poll polled = receiver.poll(waker);
        if (polled != Poll.PENDING) {
            Require.that(polled == call.outcome, "the outcome is the sender's");
            return false;
        }
        Require.that(other.calls() == 0, "a waker that was replaced is not called");
        if (waker.calls() != 0) {
            Require.that(receiver.poll(other) == call.outcome, "after a wake-up the outcome is visible");
        }
        return true;
    }

    /**
     * The receiver begins the next round as soon as it sees the outcome. The first sender's thread may not have called
     * the waker yet, which is registered again by then.
     */
    @ParameterizedTest
    @MethodSource("callsAndKinds")
    @DisplayName("multishotLoomSendRecycle, multishotLoomDropRecycle")
    void recycles(ConsumingCall call, ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> call.on(sender), receiver, sender, waker);

            Poll first = receiver.poll(waker);
            if (first == Poll.PENDING && receiver.poll(waker) == Poll.PENDING) {
                return;
            }
            call.take(receiver);
            Sender<String> next = receiver.sender();
            ScenarioThread<Boolean> sendingNext = ScenarioThread.start(() -> next.send("next"), next);
            Poll second = receiver.poll(waker);

            Require.that(sending.join() && sendingNext.join(), "both outcomes are handed over");
            int registrations = (first == Poll.PENDING ? 1 : 0) + (second == Poll.PENDING ? 1 : 0);
            Require.that(waker.calls() == registrations, "one call for one registration");
            Require.that(receiver.poll(waker) == Poll.READY, "the next round has its outcome");
            Require.that(receiver.take().equals("next"), "the next round has its own value");
        });
    }
}
