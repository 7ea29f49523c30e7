package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests are opened, answered, late and failed at the same time, and no reply reaches another request. */
@Tag("interleavings")
class ReplyQueueInterleavingsTest {
    private static final Exception CAUSE = new Exception("gone");
    private static final WakeCounter WAKER = new WakeCounter();

    private static boolean opens(ReplyQueue<String> queue, Sender<String> sender) {
        try {
            Require.that(queue.open(sender), "there is room");
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    private static boolean hasReply(Receiver<String> receiver, String reply) {
        return receiver.poll(WAKER) == Poll.READY && receiver.take().equals(reply);
    }

    /** Requires that all places are free, and that the next replies are those of the next requests. */
    private static void checkOrder(ReplyQueue<String> queue) {
        Require.that(queue.inFlight() == 0 && queue.orphans() == 0, "every place is free");
        Receiver<String> one = new Receiver<>();
        Receiver<String> two = new Receiver<>();
        Require.that(queue.open(one.sender()) && queue.open(two.sender()), "there is room");
        Require.that(!queue.open(new Receiver<String>().sender()), "and no more");
        Require.that(queue.send("one") && queue.send("two"), "both are in flight");
        Require.that(hasReply(one, "one") && hasReply(two, "two"), "each has its own reply");
    }

    /** A request is late at the moment when its reply comes; the reply behind it is that of the request behind it. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstExpire(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> late = kind.receiver();
            Receiver<String> patient = kind.receiver();
            Require.that(queue.open(late.sender(), 10) && queue.open(patient.sender()), "there is room");
            ScenarioThread<Integer> expiring = ScenarioThread.start(() -> queue.expire(10), queue, late, patient);

            boolean answered = queue.send("first");
            Require.that(queue.send("second"), "the second request is in flight");

            Require.that(expiring.join() == (answered ? 0 : 1), "answered or late, never both, never neither");
            Require.that(answered ? hasReply(late, "first") : late.poll(WAKER) == Poll.FAILED, "the winner's outcome");
            Require.that(hasReply(patient, "second"), "its own reply");
            Require.that(queue.refused() == (answered ? 0 : 1), "a late reply is counted");
            checkOrder(queue);
        });
    }

    /** The receiver of the oldest request leaves when its reply comes. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstAbandon(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> leaving = kind.receiver();
            Receiver<String> patient = kind.receiver();
            Require.that(queue.open(leaving.sender()) && queue.open(patient.sender()), "there is room");
            ScenarioThread<Boolean> abandoning = ScenarioThread.start(leaving::abandon, queue, leaving, patient);

            boolean answered = queue.send("first");
            Require.that(queue.send("second"), "the second request is in flight");

            Require.that(abandoning.join() != answered, "answered, or left before");
            Require.that(hasReply(patient, "second"), "its own reply");
            checkOrder(queue);
        });
    }

    /** Each request has one outcome, and no place is lost. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstFailAll(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> one = kind.receiver();
            Receiver<String> two = kind.receiver();
            Require.that(queue.open(one.sender()) && queue.open(two.sender()), "there is room");
            ScenarioThread<Integer> failing = ScenarioThread.start(() -> queue.failAll(CAUSE), queue, one, two);

            boolean answered = queue.send("reply");

            Require.that(failing.join() == (answered ? 1 : 2), "failAll counts what it has failed");
            Poll first = one.poll(WAKER);
            Poll second = two.poll(WAKER);
            Require.that(first == Poll.READY || first == Poll.FAILED, "an outcome");
            Require.that(second == Poll.READY || second == Poll.FAILED, "an outcome");
            Require.that(first != Poll.READY || second != Poll.READY, "one reply for one request");
            checkOrder(queue);
        });
    }

    /** What was late before, or is late at this moment, keeps no place. */
    @Test
    void failAllAgainstExpire() {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> one = new Receiver<>();
            Receiver<String> two = new Receiver<>();
            Require.that(queue.open(one.sender(), 10) && queue.open(two.sender(), 20), "there is room");
            ScenarioThread<Integer> failing = ScenarioThread.start(() -> queue.failAll(CAUSE), queue, one, two);

            int late = queue.expire(10);

            Require.that(late + failing.join() == 2, "one outcome for each");
            Require.that(one.poll(WAKER) == Poll.FAILED && two.poll(WAKER) == Poll.FAILED, "and it arrives");
            checkOrder(queue);
        });
    }

    /** A reply that nobody asked for, or that of the request which is opened at this moment. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstOpen(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> one = kind.receiver();
            Receiver<String> two = kind.receiver();
            Sender<String> first = one.sender();
            Sender<String> second = two.sender();
            ScenarioThread<Integer> replying = ScenarioThread.start(
                    () -> (queue.send("first") ? 1 : 0) + (queue.send("next") ? 1 : 0), queue, one, two);

            Require.that(queue.open(first) && queue.open(second), "there is room");

            int answered = replying.join();
            Require.that(queue.inFlight() == 2 - answered, "what was not answered is in flight");
            Require.that(answered == 0 || one.poll(WAKER) == Poll.READY, "the oldest request is answered first");
            Require.that(answered == 2 || two.poll(WAKER) == Poll.PENDING, "and then the other one");
            for (int i = answered; i < 2; i++) {
                Require.that(queue.send("last " + i), "the request is in flight");
            }
            Require.that(answered == 2 || hasReply(two, "last 1"), "its own reply");
        });
    }

    /** The place of the request that is answered at this moment is used again by the next one. */
    @Test
    void openInTheSamePlaceAgainstSend() {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(1);
            Receiver<String> one = new Receiver<>();
            Receiver<String> two = new Receiver<>();
            Require.that(queue.open(one.sender()), "there is room");
            Sender<String> second = two.sender();
            ScenarioThread<Boolean> replying =
                    ScenarioThread.start(() -> queue.send("first") && queue.send("second"), queue, one, two);

            boolean opened = queue.open(second);

            boolean both = replying.join();
            Require.that(hasReply(one, "first"), "its own reply");
            Require.that(!both || opened, "a request that was not opened is not answered");
            Require.that(opened || queue.open(second), "there is room");
            Require.that(both || queue.send("second"), "the second request is in flight");
            Require.that(hasReply(two, "second"), "its own reply");
        });
    }

    /** The request is refused or failed, never left behind. */
    @ParameterizedTest
    @EnumSource
    void closeAgainstOpen(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(2);
            Receiver<String> before = kind.receiver();
            Receiver<String> receiver = kind.receiver();
            Require.that(queue.open(before.sender()), "there is room");
            Sender<String> sender = receiver.sender();
            ScenarioThread<Void> closing = closing(queue, before, receiver);

            boolean opened = opens(queue, sender);

            closing.join();
            Require.that(before.poll(WAKER) == Poll.FAILED, "what was opened before is failed");
            Require.that(receiver.poll(WAKER) == (opened ? Poll.FAILED : Poll.PENDING), "nothing is left behind");
            Require.that(queue.inFlight() + queue.orphans() == 0, "nothing is in flight");
            Require.that(opened || sender.send("its owner's"), "what was refused stays with its owner");
        });
    }

    private static ScenarioThread<Void> closing(ReplyQueue<String> queue, Object... shared) {
        return ScenarioThread.start(
                () -> {
                    queue.close();
                    return null;
                },
                queue,
                shared);
    }

    @ParameterizedTest
    @EnumSource
    void closeAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(1);
            Receiver<String> receiver = kind.receiver();
            Require.that(queue.open(receiver.sender()), "there is room");
            ScenarioThread<Void> closing = closing(queue, receiver);

            boolean answered = queue.send("reply");

            closing.join();
            Require.that(receiver.poll(WAKER) == (answered ? Poll.READY : Poll.FAILED), "one outcome");
            Require.that(!queue.send("late"), "a closed queue refuses replies");
        });
    }
}
