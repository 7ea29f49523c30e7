package io.multishot.verification.soak;

import io.multishot.Sender;

/** What a sender answered to one use. */
enum Answer {
    /** True: the receiver gets this outcome, or discards it. */
    HANDED_OVER,
    /** False: nobody wants it. */
    REFUSED,
    /** The sender was consumed before. */
    THREW;

    /** Uses the sender. */
    static Answer to(Sender<Parcel> sender, Use use, Parcel parcel) {
        try {
            boolean handedOver =
                    switch (use) {
                        case SEND -> sender.send(parcel);
                        case FAIL -> sender.fail(parcel.asFailure());
                        case DROP -> sender.drop();
                    };
            return handedOver ? HANDED_OVER : REFUSED;
        } catch (IllegalStateException consumed) {
            return THREW;
        }
    }
}
