package io.multishot.aeron;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How a thread naps, and how others wake it. */
interface Nap {
    /** Blocks the calling thread, always the same one, for a time, or until {@link #end}. */
    void sleep(long nanos);

    /** Ends the nap, or the next one. Any thread. */
    void end();

    /** A thread that parks. */
    final class Parking implements Nap {
        private volatile @Nullable Thread thread;

        @Override
        public void sleep(long nanos) {
            if (thread == null) {
                thread = Thread.currentThread();
            }
            LockSupport.parkNanos(this, nanos);
        }

        @Override
        public void end() {
            LockSupport.unpark(thread);
        }
    }
}
