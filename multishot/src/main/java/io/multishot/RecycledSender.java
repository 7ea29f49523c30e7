package io.multishot;

/** A plain sender: its receiver recycles it, so the same object comes round after round. */
final class RecycledSender<T> extends Sender<T> {
    /**
     * A number that the channel never reads, for the owner that the sender is lent to; 0 at first. Plain. It fills a
     * gap in the object, given headers of 12 bytes, which are the JVM's default.
     */
    int attachment;
}
