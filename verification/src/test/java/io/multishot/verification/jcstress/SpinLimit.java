package io.multishot.verification.jcstress;

/** How often an actor tries before it gives up: the other one may be preempted, and a hung test proves nothing. */
final class SpinLimit {
    static final int LOADS = 5_000;

    /** The limit for failing calls of send, each of which costs as much as many loads. */
    static final int SENDS = 500;

    private SpinLimit() {}
}
