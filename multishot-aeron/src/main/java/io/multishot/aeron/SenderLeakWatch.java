package io.multishot.aeron;

import java.lang.ref.Cleaner;

/**
 * Drops the request of a {@link RemoteSender} that becomes unreachable before it is consumed, and logs that. Used with
 * assertions enabled, when each request gets a new sender; a recycled one is always reachable.
 */
final class SenderLeakWatch<R> implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final PendingReply<R> reply;
    private final long round;

    private SenderLeakWatch(PendingReply<R> reply, long round) {
        this.reply = reply;
        this.round = round;
    }

    static <R> void watch(RemoteSender<R> sender, PendingReply<R> reply, long round) {
        CLEANER.register(sender, new SenderLeakWatch<>(reply, round));
    }

    /** Leaves the rest to the engine's thread: this one belongs to all that is cleaned, and must not wait. */
    @Override
    public void run() {
        if (!reply.isOver(round)) {
            reply.inHand.engine.faults.report(
                    "a RemoteSender became unreachable before it was consumed, so its request is dropped:"
                            + " keep the sender until you reply, and reply to each request");
            reply.inHand.onLeak(reply, round);
        }
    }
}
