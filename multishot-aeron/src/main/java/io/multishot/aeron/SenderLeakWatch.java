package io.multishot.aeron;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;

/**
 * Drops the request of a sender that became unreachable before it was used, and says so. Of no use when senders are
 * recycled, for those are always reachable; so it is there when assertions are enabled, which makes each sender a new
 * object.
 */
final class SenderLeakWatch implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long A_MOMENT_NANOS = 1_000_000;
    private static final int ATTEMPTS = 1_000;

    private final PendingReply<?> path;
    private volatile boolean used;

    private SenderLeakWatch(PendingReply<?> path) {
        this.path = path;
    }

    static SenderLeakWatch watch(RemoteSender<?> sender, PendingReply<?> path) {
        SenderLeakWatch watch = new SenderLeakWatch(path);
        CLEANER.register(sender, watch);
        return watch;
    }

    void used() {
        used = true;
    }

    /** Nobody can use the sender any more, so this has the path to itself. */
    @Override
    public void run() {
        if (used) {
            return;
        }
        DutyCycle.error(
                "a handler has lost its sender, which nobody has used: its request is dropped. Keep the sender, and answer each request");
        SendResult offer = path.drop();
        for (int i = 0; offer == SendResult.BACK_PRESSURED && i < ATTEMPTS; i++) {
            LockSupport.parkNanos(A_MOMENT_NANOS);
            offer = path.drop();
        }
        path.free();
    }
}
