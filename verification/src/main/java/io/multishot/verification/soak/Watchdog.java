package io.multishot.verification.soak;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notices channels that stand still. */
final class Watchdog {
    private final List<Channel> channels;
    private final Ledger ledger;
    private final long patienceNanos;
    private final @Nullable Round[] seen;
    private final long[] since;

    Watchdog(List<Channel> channels, Ledger ledger, long patienceNanos) {
        this.channels = channels;
        this.ledger = ledger;
        this.patienceNanos = patienceNanos;
        this.seen = new @Nullable Round[channels.size()];
        this.since = new long[channels.size()];
        Arrays.fill(since, System.nanoTime());
    }

    /** Compares with what it saw last. */
    void look() {
        long now = System.nanoTime();
        for (int i = 0; i < since.length; i++) {
            Channel channel = channels.get(i);
            Round round = channel.round();
            if (channel.isDone() || round != seen[i]) {
                seen[i] = round;
                since[i] = now;
            } else if (now - since[i] > patienceNanos) {
                ledger.discrepancy("no progress, in " + channel.describe());
            }
        }
    }
}
