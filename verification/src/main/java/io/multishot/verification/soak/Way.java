package io.multishot.verification.soak;

/** How a receiver waits. */
enum Way {
    RECEIVE,
    RECEIVE_TIMED,
    RECEIVE_UNINTERRUPTIBLY,
    TRY_RECEIVE,
    POLL,
    TASK,
    FUTURE
}
