package io.multishot.verification.soak;

/** What goes wrong in a round besides its plan; nothing, where it does not apply to the way that the receiver waits. */
enum Fault {
    NONE,
    /** The receiver's thread is interrupted as it begins to wait. */
    INTERRUPT_BY_RECEIVER,
    /** The sender's thread interrupts the receiver's at any moment, perhaps in a later round. */
    INTERRUPT_BY_SENDER,
    /** The waker, or the step of the task, throws. */
    THROW,
    /** The executor of the task rejects once. */
    REJECT,
    /** The executor of the task runs it twice for each time that it was asked. */
    SURPLUS_RUN,
    /** The receiver's thread cancels or completes its future. */
    MEDDLE_BY_RECEIVER,
    /** The sender's thread cancels or completes the receiver's future. */
    MEDDLE_BY_SENDER,
    /** A thread uses a sender of an earlier round, of some guarded channel, once more. */
    STALE_USE
}
