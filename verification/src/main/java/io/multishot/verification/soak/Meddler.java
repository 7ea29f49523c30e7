package io.multishot.verification.soak;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Cancels or completes futures that belong to others. */
final class Meddler {
    /** A value that no channel carries. */
    static final Parcel FOREIGN = new Parcel(-1, -1);

    private final Ledger ledger;
    private final AtomicReference<@Nullable CompletableFuture<Parcel>> offered = new AtomicReference<>();

    Meddler(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Exposes a future to the sender's thread. */
    void offer(CompletableFuture<Parcel> future) {
        offered.set(future);
    }

    /** Meddles with the future that was offered last, if there is one. */
    void meddle(int dice) {
        CompletableFuture<Parcel> future = offered.getAndSet(null);
        if (future != null) {
            meddle(future, dice);
        }
    }

    void meddle(CompletableFuture<Parcel> future, int dice) {
        boolean won = (dice & 1) == 0 ? future.cancel(false) : future.complete(FOREIGN);
        if (won) {
            ledger.meddled();
        }
    }
}
