package io.multishot.verification.jcstress;

import io.multishot.Sender;

/** Uses of a sender, with their answers as numbers for the outcome tables. */
final class Use {
    static final int REFUSED = 0;
    static final int DONE = 1;
    static final int THREW = 2;
    static final int NO_SENDER = 3;

    private Use() {}

    static int of(Sender<Parcel> sender, int content) {
        try {
            return sender.send(new Parcel(content)) ? DONE : REFUSED;
        } catch (IllegalStateException consumed) {
            return THREW;
        }
    }
}
