package io.multishot.aeron;

/**
 * For how long an answerer was not heard, though it could have been. When the thread that listens was held up, or its whole process
 * or machine was, then what the answerer has sent may not have been taken in yet, and the answerer may have been held up as well.
 */
final class Silence {
    /** Whoever looks this rarely is held up: the answerer speaks as often. */
    private final long beatNanos;

    private boolean broken;

    /** A thread that is always held up would never find out. */
    private boolean excused;

    private long since;
    private long lastLook;

    Silence(long beatNanos, long now) {
        this.beatNanos = beatNanos;
        since = now;
        lastLook = now;
    }

    /** The answerer was heard, since the last look. */
    void end() {
        broken = true;
    }

    /** Returns how long it has lasted, less the first time in it for which this thread was held up. */
    long look(long now) {
        if (broken) {
            broken = false;
            excused = false;
            since = now;
        } else if (!excused && now - lastLook > beatNanos) {
            excused = true;
            since += now - lastLook;
        }
        lastLook = now;
        return now - since;
    }
}
