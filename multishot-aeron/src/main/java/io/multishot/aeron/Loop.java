package io.multishot.aeron;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;

/** The duty cycle of an {@link Engine}: lets its parties work, one after the other, and outlives their faults. */
final class Loop implements Runnable {
    static final System.Logger LOGGER = System.getLogger(Loop.class.getPackageName());
    private static final Party[] NONE = {};
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IdleStrategy idle;

    /** Copied on write, under the lock of this object; the array itself never changes. */
    private volatile Party[] parties = NONE;

    private volatile boolean stopped;

    /** The thread of the cycles only. */
    private long nextComplaint = System.nanoTime();

    Loop(IdleStrategy idle) {
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

    /** Ends {@link #run()} after its present cycle, and lets nobody in any more. Returns false if that was so already. */
    synchronized boolean stop() {
        boolean first = !stopped;
        stopped = true;
        return first;
    }

    @Override
    public void run() {
        while (!stopped) {
            idle.idle(cycle());
        }
    }

    int cycle() {
        int done = 0;
        for (Party party : parties) {
            done += cycle(party);
        }
        return done;
    }

    private int cycle(Party party) {
        try {
            if (!party.isClosed()) {
                return party.work();
            }
            remove(party);
            party.release();
            return 1;
        } catch (Throwable fault) {
            complain(party, fault);
            return 0;
        }
    }

    /** What goes wrong in each cycle is told once a second. */
    private void complain(Party party, Throwable fault) {
        long now = System.nanoTime();
        if (now - nextComplaint >= 0) {
            nextComplaint = now + COMPLAINT_NANOS;
            report(party + " goes on after a fault", fault);
        }
    }

    /** Releases all parties; after the last cycle. */
    void release() {
        for (Party party : parties) {
            try {
                party.release();
            } catch (Throwable fault) {
                report("closing " + party, fault);
            }
        }
        parties = NONE;
    }

    static void report(String what, Throwable fault) {
        LOGGER.log(Level.ERROR, what, fault);
    }
}
