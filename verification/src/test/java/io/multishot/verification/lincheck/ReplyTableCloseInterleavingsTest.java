package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table is closed while requests are opened and answered: each request is refused, or it ends. */
@Tag("interleavings")
class ReplyTableCloseInterleavingsTest {
    private static final WakeCounter WAKER = new WakeCounter();

    static boolean opens(ReplyTable<String> table, Sender<String> sender) {
        try {
            Require.that(table.open(sender) != ReplyTable.NO_TICKET, "there is room");
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    /** Starts a thread that closes the table. {@link ScenarioThread} explains what the shared objects are for. */
    static ScenarioThread<Void> closing(ReplyTable<String> table, Object... shared) {
        return ScenarioThread.start(
                () -> {
                    table.close();
                    return null;
                },
                shared);
    }

    /** The request is refused or failed, never left behind. */
    @ParameterizedTest
    @EnumSource
    void closeAgainstOpen(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Void> closing = closing(table, table, receiver);

            boolean opened = opens(table, sender);

            closing.join();
            Require.that(receiver.poll(WAKER) == (opened ? Poll.FAILED : Poll.PENDING), "nothing is left behind");
            Require.that(table.inFlight() == 0, "nothing is in flight");
            Require.that(!opens(table, sender), "a closed table opens nothing");
        });
    }

    /** The close that settles the slot first fails the request, and the other one does not interfere. */
    @ParameterizedTest
    @EnumSource
    void closeAgainstClose(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = kind.receiver();
            Require.that(opens(table, receiver.sender()), "there is room");
            ScenarioThread<Void> closing = closing(table, table, receiver);

            table.close();

            closing.join();
            Require.that(receiver.poll(WAKER) == Poll.FAILED, "nothing is left behind");
        });
    }

    /** The only slot is claimed, and opened again by the same thread, while close tries to settle it. */
    @Test
    void closeAgainstReplyAndTheNextOwner() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = Receiver.recycling();
            Receiver<String> nextReceiver = Receiver.recycling();
            long ticket = table.open(receiver.sender());
            Sender<String> nextSender = nextReceiver.sender();
            ScenarioThread<Void> closing = closing(table, table, receiver, nextReceiver);

            boolean answered = table.send(ticket, "reply");
            boolean opened = answered && opens(table, nextSender);

            closing.join();
            Require.that(receiver.poll(WAKER) == (answered ? Poll.READY : Poll.FAILED), "answered, or failed by close");
            Require.that(nextReceiver.poll(WAKER) == (opened ? Poll.FAILED : Poll.PENDING), "nothing is left behind");
            if (opened) {
                String message = "";
                try {
                    nextReceiver.take();
                } catch (SenderFailedException failed) {
                    message = failed.getCause().getMessage();
                }
                Require.that(message.startsWith("the reply table was closed"), "close says so");
            }
        });
    }
}
