package io.multishot.aeron;

import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;

/** Where the replies to one {@link Requester} arrive. Methods without a remark on threads belong to the engine's. */
final class Inbox<R> {
    /** Identifies the requester in its connection, on the wire too. Never given to another one. */
    final int number;

    final ReplyTable<R> table;

    private final Decoder<R> decoder;

    /** Replies of an earlier session, and those whose receiver had abandoned the round. */
    private final AtomicLong unwanted = new AtomicLong();

    private final AtomicLong expired = new AtomicLong();

    Inbox(int number, ReplyTable<R> table, Decoder<R> decoder) {
        this.number = number;
        this.table = table;
        this.decoder = decoder;
    }

    /** Any thread. */
    long refused() {
        return table.refused() + unwanted.get();
    }

    /** Any thread. */
    long expired() {
        return expired.get();
    }

    /** Fails the requests whose patience is at an end, and returns how many. */
    int expire(long now) {
        int late = table.expire(now);
        if (late > 0) {
            expired.getAndAdd(late);
        }
        return late;
    }

    /** Counts a reply of an earlier session. */
    void refuseStale() {
        unwanted.incrementAndGet();
    }

    /** Claims first: a late reply is not decoded. Returns false if it is late. */
    boolean onValue(long ticket, DirectBuffer buffer, int offset, int length) {
        Sender<R> sender = table.claim(ticket);
        if (sender == null) {
            return false;
        }
        R value;
        try {
            value = Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null");
        } catch (Throwable undecodable) {
            return countUnlessWanted(sender.fail(undecodable));
        }
        return countUnlessWanted(sender.send(value));
    }

    boolean onFailure(long ticket, Throwable failure) {
        Sender<R> sender = table.claim(ticket);
        return sender != null && countUnlessWanted(sender.fail(failure));
    }

    boolean onDrop(long ticket) {
        Sender<R> sender = table.claim(ticket);
        return sender != null && countUnlessWanted(sender.drop());
    }

    private boolean countUnlessWanted(boolean wanted) {
        if (!wanted) {
            unwanted.incrementAndGet();
        }
        return wanted;
    }
}
