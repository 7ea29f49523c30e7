package io.multishot.aeron;

/**
 * A requester or a responder, to its {@link Engine}. All methods but {@link #isClosed()} are called on the engine's
 * thread only.
 */
interface Party {
    /** Does what there is to do, without waiting. Returns how much that was, 0 for nothing. */
    int work();

    /** True when it wants no more work, but {@link #release()}. Any thread. */
    boolean isClosed();

    /**
     * Says goodbye and gives back what it has of Aeron, unless another thread is using that at this moment. Called
     * until it returns true, and not again.
     *
     * @return false if somebody was in the way
     */
    boolean release();
}
