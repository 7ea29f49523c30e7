package io.multishot.verification.soak;

/** What a sender is used for. */
enum Use {
    SEND,
    FAIL,
    DROP
}
