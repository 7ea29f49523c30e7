package io.multishot.verification.soak;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A value that is unique: it knows its channel and its round, and whether it was received. */
final class Parcel {
    private final int channel;
    private final long round;
    private final AtomicBoolean received = new AtomicBoolean();

    /** Written before the send in plain mode, so that only the channel can make it visible. */
    private long seal;

    private @Nullable Failure failure;

    Parcel(int channel, long round) {
        this.channel = channel;
        this.round = round;
    }

    /** Called by the sender's thread before it uses the sender. */
    void close() {
        seal = expectedSeal();
    }

    boolean isIntact() {
        return seal == expectedSeal();
    }

    boolean belongsTo(int channel, long round) {
        return this.channel == channel && this.round == round;
    }

    /** Returns true the first time. */
    boolean receive() {
        return received.compareAndSet(false, true);
    }

    /** The cause that stands for this parcel where a sender fails. */
    Failure asFailure() {
        Failure made = new Failure(this);
        failure = made;
        return made;
    }

    boolean isCause(@Nullable Object cause) {
        return cause != null && cause == failure;
    }

    private long expectedSeal() {
        return ~(round * 31 + channel);
    }

    @Override
    public String toString() {
        return "value of channel " + channel + ", round " + round;
    }

    /** A cause that is as unique as its parcel. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private Failure(Parcel parcel) {
            super(parcel.toString(), null, false, false);
        }
    }
}
