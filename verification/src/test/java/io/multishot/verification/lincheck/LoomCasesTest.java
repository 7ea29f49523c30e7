package io.multishot.verification.lincheck;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The original's cases for its model checker, Loom, each for send, drop and our fail, and for both kinds of receiver.
 * What the original leaves open when a case ends early is checked here after the threads are done: a sender that was
 * used has woken whoever waited last, exactly once.
 */
@Tag("interleavings")
class LoomCasesTest {
    static Stream<Arguments> usesAndLevels() {
        return Arrays.stream(Use.values())
                .flatMap(use -> Arrays.stream(Level.values()).map(level -> arguments(use, level)));
    }

    /** A poll races with the sender: it sees the outcome, or its waker is called and the next poll sees it. */
    @ParameterizedTest
    @MethodSource("usesAndLevels")
    @DisplayName("multishotLoomSendNotify, multishotLoomDropNotify")
    void notifies(Use use, Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> use.of(sender), receiver, sender, waker);

            Poll polled = receiver.poll(waker);
            if (polled == Poll.PENDING) {
                if (waker.calls() != 0) {
                    Check.that(receiver.poll(waker) == use.outcome, "who was woken sees the outcome");
                }
            } else {
                Check.that(polled == use.outcome, "the outcome is the sender's");
            }

            Check.that(sending.join(), "the outcome is handed over");
            Check.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "one call for one registration");
            Check.that(receiver.poll(waker) == use.outcome, "the outcome stays until it is taken");
            use.take(receiver);
        });
    }

    /** The waker changes to and fro while the sender is used: only the one that was registered last is called. */
    @ParameterizedTest
    @MethodSource("usesAndLevels")
    @DisplayName("multishotLoomSendChangeWaker, multishotLoomDropChangeWaker")
    void changesWaker(Use use, Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker one = new CountingWaker();
            CountingWaker two = new CountingWaker();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> use.of(sender), receiver, sender, one, two);

            CountingWaker last = null;
            if (pending(receiver, one, two, use)) {
                last = one;
                if (pending(receiver, two, one, use)) {
                    last = two;
                    if (pending(receiver, one, two, use)) {
                        last = one;
                    }
                }
            }

            Check.that(sending.join(), "the outcome is handed over");
            Check.that(one.calls() == (last == one ? 1 : 0), "the first waker is called if it was registered last");
            Check.that(two.calls() == (last == two ? 1 : 0), "the second waker is called if it was registered last");
            use.take(receiver);
        });
    }

    /** Polls with this waker; false if the outcome was there already, so that the waker before stays the last one. */
    private static boolean pending(Receiver<String> receiver, CountingWaker waker, CountingWaker other, Use use) {
        Poll polled = receiver.poll(waker);
        if (polled != Poll.PENDING) {
            Check.that(polled == use.outcome, "the outcome is the sender's");
            return false;
        }
        Check.that(other.calls() == 0, "a waker that was replaced is not called");
        if (waker.calls() != 0) {
            Check.that(receiver.poll(other) == use.outcome, "who was woken sees the outcome");
        }
        return true;
    }

    /**
     * Whoever sees the outcome begins the next round at once, while the first sender's thread may still be on its way
     * to the waker, which is registered again meanwhile.
     */
    @ParameterizedTest
    @MethodSource("usesAndLevels")
    @DisplayName("multishotLoomSendRecycle, multishotLoomDropRecycle")
    void recycles(Use use, Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> use.of(sender), receiver, sender, waker);

            Poll first = receiver.poll(waker);
            if (first == Poll.PENDING && receiver.poll(waker) == Poll.PENDING) {
                return;
            }
            use.take(receiver);
            Sender<String> next = receiver.sender();
            Party<Boolean> sendingNext = Party.start(() -> next.send("next"), next);
            Poll second = receiver.poll(waker);

            Check.that(sending.join() && sendingNext.join(), "both outcomes are handed over");
            int registrations = (first == Poll.PENDING ? 1 : 0) + (second == Poll.PENDING ? 1 : 0);
            Check.that(waker.calls() == registrations, "one call for one registration");
            Check.that(receiver.poll(waker) == Poll.READY, "the next round has its outcome");
            Check.that(receiver.take().equals("next"), "the next round has its own value");
        });
    }
}
