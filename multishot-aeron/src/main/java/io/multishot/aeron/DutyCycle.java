package io.multishot.aeron;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** The duty cycle of an {@link Engine}: lets its parties work, one after the other, and outlives their faults. */
final class DutyCycle implements Runnable {
    private static final System.Logger LOGGER = System.getLogger(DutyCycle.class.getPackageName());
    private static final Party[] NONE = {};
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long A_MOMENT_NANOS = 200_000;

    private final IdleStrategy idle;

    /** Copied on write, under the lock of this object; the array itself never changes. */
    private volatile Party[] parties = NONE;

    private volatile boolean stopped;

    /**
     * Who is in a cycle. There must be one at a time: polling inside a poll would deliver messages twice. Opaque: a
     * thread sees what it has written itself for certain, and what another has written soon; that is enough to tell
     * whoever does it wrong.
     */
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

    /** The thread of the cycles only. */
    private long nextComplaint = System.nanoTime();

    DutyCycle(IdleStrategy idle) {
        this.idle = idle;
    }

    /** Adds a party, to be released by the loop. */
    synchronized void add(Party party) {
        checkRunning();
        Party[] more = Arrays.copyOf(parties, parties.length + 1);
        more[parties.length] = party;
        parties = more;
    }

    void checkRunning() {
        if (stopped) {
            throw new IllegalStateException("this engine is closed: make a new one");
        }
    }

    private synchronized void remove(Party party) {
        parties = Arrays.stream(parties).filter(each -> each != party).toArray(Party[]::new);
    }

    /**
     * Ends {@link #run()} after its present cycle, and lets nobody in any more. Returns false if that was so already.
     */
    synchronized boolean stop() {
        boolean first = !stopped;
        stopped = true;
        return first;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Is the calling thread in a cycle, as handlers and wakers are? */
    boolean isInside() {
        return inside.getOpaque() == Thread.currentThread();
    }

    @Override
    public void run() {
        while (!stopped) {
            idle.idle(cycle());
            Thread.interrupted(); // whatever a handler has left; else idling would not rest
        }
    }

    /** @throws IllegalStateException if a cycle is under way */
    int cycle() {
        if (inside.getOpaque() != null) {
            throw new IllegalStateException("this engine is at work already, "
                    + (isInside() ? "here: a handler or waker must not call work()" : "on another thread"));
        }
        inside.setOpaque(Thread.currentThread());
        try {
            int done = 0;
            for (Party party : parties) {
                if (stopped) {
                    break;
                }
                done += cycle(party);
            }
            return done;
        } finally {
            inside.setOpaque(null);
        }
    }

    private int cycle(Party party) {
        try {
            if (!party.isClosed()) {
                return party.work();
            }
            if (party.release()) {
                remove(party);
            }
        } catch (Throwable fault) {
            complain(party, fault);
        }
        return 0;
    }

    /** What goes wrong in each cycle is told once a second. */
    private void complain(Party party, Throwable fault) {
        long now = System.nanoTime();
        if (now - nextComplaint >= 0) {
            nextComplaint = now + COMPLAINT_NANOS;
            report(party + " goes on after a fault", fault);
        }
    }

    /** Releases all parties, after the last cycle. Waits for whoever is in the way. */
    void release() {
        for (Party party : parties) {
            while (!isReleased(party)) {
                LockSupport.parkNanos(A_MOMENT_NANOS);
            }
        }
        parties = NONE;
    }

    private static boolean isReleased(Party party) {
        try {
            return party.release();
        } catch (Throwable fault) {
            report("closing " + party, fault);
            return true;
        }
    }

    static void report(String what, Throwable fault) {
        log(Level.ERROR, what, fault);
    }

    static void warn(String what) {
        log(Level.WARNING, what, null);
    }

    static void error(String what) {
        log(Level.ERROR, what, null);
    }

    private static void log(Level level, String what, @Nullable Throwable fault) {
        try {
            LOGGER.log(level, what, fault);
        } catch (Throwable unreportable) {
            // The loop goes on.
        }
    }
}
