package io.multishot.verification.soak;

/** How the receiver means to end a round. It may get the outcome before it comes to that. */
enum Ending {
    /** Waits until it has the outcome. */
    TAKE,
    /** Waits until the outcome is there, and lets the next round discard it. */
    LEAVE,
    /** Waits for nothing, and asks for the next sender until it gets one; that discards the outcome. */
    LEAVE_UNSEEN,
    /** Tries once, then abandons the round. */
    ABANDON,
    /** Tries once, then closes the receiver. The channel goes on with another one. */
    CLOSE
}
