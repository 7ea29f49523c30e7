package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;

/** The three ways to consume a sender. */
enum ConsumingCall {
    SEND(Poll.READY),
    FAIL(Poll.FAILED),
    DROP(Poll.DROPPED);

    static final String VALUE = "value";
    static final Exception CAUSE = new Exception("cause");

    final Poll outcome;

    ConsumingCall(Poll outcome) {
        this.outcome = outcome;
    }

    boolean on(Sender<String> sender) {
        return switch (this) {
            case SEND -> sender.send(VALUE);
            case FAIL -> sender.fail(CAUSE);
            case DROP -> sender.drop();
        };
    }

    /** Takes the outcome of this call; anything else is a failure. */
    void take(Receiver<String> receiver) {
        String taken = null;
        Throwable cause = null;
        boolean dropped = false;
        try {
            taken = receiver.take();
        } catch (SenderFailedException failed) {
            cause = failed.getCause();
        } catch (SenderDroppedException gone) {
            dropped = true;
        }
        Require.that((taken == VALUE) == (this == SEND), "the value, if and only if it was sent");
        Require.that((cause == CAUSE) == (this == FAIL), "the cause, if and only if it failed");
        Require.that(dropped == (this == DROP), "dropped, if and only if it was");
    }
}
