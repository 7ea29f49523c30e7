package io.multishot;

/** The constants that take the place of a receiver's cell. They carry no value, so each serves all types. */
final class StandIn {
    private static final Sender<?> VACANT = new Sender<>(Mark.VACANT);
    private static final Sender<?> VACANT_GUARDED = new Sender<>(Mark.VACANT_GUARDED);
    private static final Sender<?> CLOSED = new Sender<>(Mark.CLOSED);

    private StandIn() {}

    /** There is no cell yet, or it was let go: the next round needs a new one, of this kind. */
    static <T> Sender<T> vacant(boolean guarded) {
        return cast(guarded ? VACANT_GUARDED : VACANT);
    }

    /** There will be none any more. */
    static <T> Sender<T> closed() {
        return cast(CLOSED);
    }

    static boolean isClosed(Sender<?> cell) {
        return cell == CLOSED;
    }

    @SuppressWarnings("unchecked")
    private static <T> Sender<T> cast(Sender<?> constant) {
        return (Sender<T>) constant;
    }
}
