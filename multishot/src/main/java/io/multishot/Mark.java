package io.multishot;

/** A state without data. The first three stand in the slot of a cell that two threads share, the others never do. */
final class Mark extends State {
    /** The sender was consumed without a value. Written by the sender, read by the receiver. */
    static final Mark DROPPED = new Mark("dropped");

    /** The value is the very cell, which would look like TAKEN. Written by the sender, read by the receiver. */
    static final Mark ITSELF = new Mark("a value awaits");

    /** The receiver has let go of the cell for good. Written by the receiver, read by the sender. */
    static final Mark ABANDONED = new Mark("abandoned");

    /** The receiver has no cell: the next round needs a new one, of the recycling kind. */
    static final Mark VACANT = new Mark("no round in progress");

    /** The receiver has no cell: the next round needs a new one, of the guarded kind. */
    static final Mark VACANT_GUARDED = new Mark("no round in progress");

    /** A future waits for this round on the receiver's behalf. */
    static final Mark OWNED = new Mark("owned by a future");

    /** The receiver is closed. */
    static final Mark CLOSED = new Mark("closed");

    /** For people. */
    final String description;

    private Mark(String description) {
        this.description = description;
    }
}
