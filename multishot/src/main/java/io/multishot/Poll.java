package io.multishot;

/**
 * The result of {@link Receiver#poll(Waker)}.
 *
 * @since 0.1.0
 */
public enum Poll {
    /** The sender is live and has not been used yet; the waker is registered. */
    PENDING,

    /** The round has a value: {@link Receiver#take()} returns it. */
    READY,

    /**
     * The sender {@linkplain Sender#fail(Throwable) failed} the round: {@link Receiver#take()} throws
     * {@link SenderFailedException}.
     */
    FAILED,

    /**
     * No value will come: the sender {@linkplain Sender#drop() dropped} the round, or no round is in progress.
     * {@link Receiver#take()} throws {@link SenderDroppedException}.
     */
    DROPPED
}
