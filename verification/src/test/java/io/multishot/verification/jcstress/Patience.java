package io.multishot.verification.jcstress;

/** How long an actor waits for the other one. Bounded: the other may be preempted, and a hung test proves nothing. */
final class Patience {
    static final int LOOKS = 5_000;

    /** The same for a look that is a failed use of the sender, and costs as much as many. */
    static final int TRIES = 500;

    private Patience() {}
}
