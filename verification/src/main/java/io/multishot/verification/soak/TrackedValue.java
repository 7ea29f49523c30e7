package io.multishot.verification.soak;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A unique value that knows its channel, its round, and whether it was received. */
final class TrackedValue {
    private final int channel;
    private final long round;
    private final AtomicBoolean received = new AtomicBoolean();

    /** Written by a plain store before the send, so only the channel can make it visible. */
    private long checksum;

    private @Nullable Failure failure;

    TrackedValue(int channel, long round) {
        this.channel = channel;
        this.round = round;
    }

    /** Writes the content. The sender's thread calls this before it uses the sender. */
    void fill() {
        checksum = expectedChecksum();
    }

    boolean isIntact() {
        return checksum == expectedChecksum();
    }

    boolean belongsTo(int channel, long round) {
        return this.channel == channel && this.round == round;
    }

    /** Returns true the first time. */
    boolean receive() {
        return received.compareAndSet(false, true);
    }

    /** Makes the cause that stands for this value when a sender fails. */
    Failure asFailure() {
        Failure made = new Failure(this);
        failure = made;
        return made;
    }

    boolean isCause(@Nullable Object cause) {
        return cause != null && cause == failure;
    }

    private long expectedChecksum() {
        return ~(round * 31 + channel);
    }

    @Override
    public String toString() {
        return "value of channel " + channel + ", round " + round;
    }

    /** A cause that is as unique as its value. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private Failure(TrackedValue value) {
            super(value.toString(), null, false, false);
        }
    }
}
