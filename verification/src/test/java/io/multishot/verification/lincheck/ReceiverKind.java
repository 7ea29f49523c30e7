package io.multishot.verification.lincheck;

import io.multishot.Receiver;

/** The two kinds of receiver without assertions. */
enum ReceiverKind {
    RECYCLING,
    SAFE;

    Receiver<String> receiver() {
        return this == SAFE ? new Receiver<>() : Receiver.recycling();
    }
}
