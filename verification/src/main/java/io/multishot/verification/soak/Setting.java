package io.multishot.verification.soak;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What all channels share.
 *
 * @param seed where the plans come from
 * @param checked whether the library checks itself: assertions are enabled
 * @param ledger the books
 * @param jobs what the sender threads are to do
 * @param executor where tasks run
 * @param stop whether it is time to end
 */
record Setting(
        long seed, boolean checked, Ledger ledger, BlockingQueue<Job> jobs, Executor executor, BooleanSupplier stop) {}
