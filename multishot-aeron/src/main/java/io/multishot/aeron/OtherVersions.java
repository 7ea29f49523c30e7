package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;

/** Tells, not too often, that a peer speaks another version of the header. */
final class OtherVersions {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final AtomicLong NEXT = new AtomicLong(System.nanoTime());

    private OtherVersions() {}

    /** Reports if these bytes have a header of another version. */
    static void report(DirectBuffer buffer, int offset, int length, Object receiver, Faults faults) {
        int version = Frame.otherVersion(buffer, offset, length);
        long now = System.nanoTime();
        long next = NEXT.get();
        if (version != 0 && now - next >= 0 && NEXT.compareAndSet(next, now + INTERVAL_NANOS)) {
            faults.report("a peer of the " + receiver + " speaks version " + version
                    + " of the header, and this side version " + Frame.VERSION
                    + ": they ignore each other, so use the same release on both sides");
        }
    }
}
