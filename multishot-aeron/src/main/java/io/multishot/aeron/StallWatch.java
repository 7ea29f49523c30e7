package io.multishot.aeron;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a duty cycle takes long, because a handler, a waker or a codec does not return, and logs where it is.
 * One daemon thread for all engines of the process that have a thread. It counts its own ticks instead of reading the
 * clock, so that a pause of the whole process is not a stall.
 */
final class StallWatch implements Runnable {
    private static final StallWatch INSTANCE = new StallWatch();
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long TICKS_UNTIL_LOGGED = TimeUnit.SECONDS.toNanos(1) / TICK_NANOS;
    private static final long TICKS_UNTIL_UNUSABLE = TimeUnit.SECONDS.toNanos(10) / TICK_NANOS;

    // Guarded by the lock of this object

    private final List<Watched> engines = new ArrayList<>();
    private @Nullable Thread watcher;

    private StallWatch() {}

    /** Watches an engine from now on, until it is closed. */
    static Watched watch(DutyCycle dutyCycle, Thread thread, Faults faults) {
        Watched watched = new Watched(dutyCycle, thread, faults);
        INSTANCE.add(watched);
        return watched;
    }

    private synchronized void add(Watched watched) {
        engines.add(watched);
        if (watcher == null) {
            watcher = EmbeddedDriver.newDaemon(this, "multishot-aeron-watch");
            watcher.start();
        }
    }

    private synchronized void remove(Watched watched) {
        engines.remove(watched);
    }

    @Override
    public void run() {
        List<Watched> watched = watched();
        while (!watched.isEmpty()) {
            watched.forEach(Watched::tick);
            LockSupport.parkNanos(TICK_NANOS);
            watched = watched();
        }
    }

    /** Returns the engines to look at. If there are none, this thread ends. */
    private synchronized List<Watched> watched() {
        if (engines.isEmpty()) {
            watcher = null;
        }
        return List.copyOf(engines);
    }

    /** An engine that is watched. */
    static final class Watched implements AutoCloseable {
        private final DutyCycle dutyCycle;
        private final Thread thread;
        private final Faults faults;

        /** For how many ticks the same cycle has been in progress. Written by the watch. */
        private volatile int ticks;

        /** Accessed by the watch only. */
        private long lastCycle;

        private Watched(DutyCycle dutyCycle, Thread thread, Faults faults) {
            this.dutyCycle = dutyCycle;
            this.thread = thread;
            this.faults = faults;
        }

        private void tick() {
            long cycle = dutyCycle.cycle();
            if (!dutyCycle.isInCycle() || cycle != lastCycle) {
                lastCycle = cycle;
                ticks = 0;
                return;
            }
            int now = ticks + 1;
            ticks = now;
            if (now == TICKS_UNTIL_LOGGED) {
                faults.reportStack(
                        "the thread of an engine has been in " + dutyCycle.currentRole() + " for a second, and all that"
                                + " the engine runs waits: hand long work over to other threads",
                        thread);
            }
        }

        /** Returns whether a cycle has taken so long that the engine is of no use. Any thread. */
        boolean isHung() {
            return ticks >= TICKS_UNTIL_UNUSABLE;
        }

        @Override
        public void close() {
            INSTANCE.remove(this);
        }
    }
}
