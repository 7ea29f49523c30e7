package io.multishot.aeron;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;

/**
 * Drops the request of a sender that became unreachable before it was used, and says so. Of no use when senders are
 * recycled, for those are always reachable; so it is there when assertions are enabled, which makes each sender a new
 * object.
 */
final class LostSender implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long A_MOMENT_NANOS = 1_000_000;
    private static final int ATTEMPTS = 1_000;

    private final ReplyPath<?> path;
    private volatile boolean used;

    private LostSender(ReplyPath<?> path) {
        this.path = path;
    }

    static LostSender watch(RemoteSender<?> sender, ReplyPath<?> path) {
        LostSender watch = new LostSender(path);
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
        Loop.error(
                "a handler has lost its sender, which nobody has used: its request is dropped. Keep the sender, and answer each request");
        SendResult offer = path.drop();
        for (int i = 0; offer == SendResult.BACK_PRESSURED && i < ATTEMPTS; i++) {
            LockSupport.parkNanos(A_MOMENT_NANOS);
            offer = path.drop();
        }
        path.free();
    }
}
