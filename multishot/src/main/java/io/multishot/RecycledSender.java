package io.multishot;

/** A plain sender: its receiver recycles it, so the same object comes round after round. */
final class RecycledSender<T> extends Sender<T> {
    /** Stands for no slot. */
    static final int NOWHERE = -1;

    /**
     * The slot of a {@link ReplyTable} that this sender used last and may still have. Plain, and no more than a hint:
     * whoever reads it asks the slot. It fills a gap in the object, given headers of 12 bytes, which are the JVM's
     * default.
     */
    int home = NOWHERE;
}
