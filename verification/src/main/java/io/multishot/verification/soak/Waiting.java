package io.multishot.verification.soak;

import io.multishot.Receiver;
import org.jspecify.annotations.Nullable;

/** One way of waiting for an outcome, on the thread that the receiver belongs to. */
interface Waiting {
    /** Waits until there is an outcome, and receives it. */
    Verdict await(Receiver<Parcel> receiver, Round round);

    /** Looks once, or waits for a moment; null if there is no outcome yet. */
    @Nullable Verdict attempt(Receiver<Parcel> receiver, Round round);
}
