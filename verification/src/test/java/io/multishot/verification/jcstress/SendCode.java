package io.multishot.verification.jcstress;

import io.multishot.Sender;

/** Sends a payload and encodes the answer as a number, for the tables of outcomes. */
final class SendCode {
    static final int REFUSED = 0;
    static final int DONE = 1;
    static final int THREW = 2;
    static final int NO_SENDER = 3;

    private SendCode() {}

    static int send(Sender<Payload> sender, int content) {
        try {
            return sender.send(new Payload(content)) ? DONE : REFUSED;
        } catch (IllegalStateException consumed) {
            return THREW;
        }
    }
}
