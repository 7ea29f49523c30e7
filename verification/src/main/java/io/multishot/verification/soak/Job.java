package io.multishot.verification.soak;

import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sender, and what a thread of the pool is to do with it.
 *
 * @param sender the sender
 * @param round whose sender it is
 * @param from the first use
 * @param to the use after the last one
 * @param mates how many jobs of this round have not begun; overlapping ones wait for each other, for a moment
 * @param guarded whether stale uses are told apart reliably
 * @param receiver the thread that waits for the outcome
 * @param meddler knows that thread's future
 */
record Job(
        Sender<Parcel> sender,
        Round round,
        int from,
        int to,
        AtomicInteger mates,
        boolean guarded,
        Thread receiver,
        Meddler meddler) {}
