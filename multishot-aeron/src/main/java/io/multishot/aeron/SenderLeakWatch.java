package io.multishot.aeron;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;

/**
 * Drops the request of a {@link RemoteSender} that becomes unreachable before it is consumed, and logs that. Used with
 * assertions enabled, when each request gets a new sender; a recycled one is always reachable.
 */
final class SenderLeakWatch implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long PARK_NANOS = 1_000_000;
    private static final int ATTEMPTS = 1_000;

    private final PendingReply<?> reply;
    private volatile boolean consumed;

    private SenderLeakWatch(PendingReply<?> reply) {
        this.reply = reply;
    }

    static SenderLeakWatch watch(RemoteSender<?> sender, PendingReply<?> reply) {
        SenderLeakWatch watch = new SenderLeakWatch(reply);
        CLEANER.register(sender, watch);
        return watch;
    }

    void onConsumed() {
        consumed = true;
    }

    /** Runs when no thread can use the sender any more, so it has exclusive access to the reply. */
    @Override
    public void run() {
        if (consumed) {
            return;
        }
        Log.error("a handler lost its sender before it was consumed, so its request is dropped:"
                + " keep the sender until you reply, and reply to each request");
        SendResult result = reply.drop();
        for (int i = 0; result == SendResult.BACK_PRESSURED && i < ATTEMPTS; i++) {
            LockSupport.parkNanos(PARK_NANOS);
            result = reply.drop();
        }
        reply.free();
    }
}
