package io.multishot.verification.lincheck;

import io.multishot.Receiver;

/** The two kinds of receiver without assertions. */
enum ReceiverKind {
    RECYCLING,
    GUARDED;

    Receiver<String> receiver() {
        return this == GUARDED ? Receiver.guarded() : new Receiver<>();
    }
}
