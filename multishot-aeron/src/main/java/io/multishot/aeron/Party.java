package io.multishot.aeron;

/** An asker or an answerer, to its {@link Engine}. Both methods are called on the engine's thread only. */
interface Party {
    /** Does what there is to do, without waiting. Returns how much that was, 0 for nothing. */
    int work();

    /** True when it wants no more work, but {@link #release()}. */
    boolean isClosed();

    /** Says goodbye and gives back what it has of Aeron. Called once, after the last {@link #work()}. */
    void release();
}
