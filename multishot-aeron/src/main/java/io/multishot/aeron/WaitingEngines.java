package io.multishot.aeron;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The engines of some requesters, for a thread that waits for what these do. */
final class WaitingEngines {
    private static final long MAX_INVOKED_PARK_NANOS = 50_000;

    private final List<Engine> all = new ArrayList<>();
    private final List<Engine> invoked = new ArrayList<>();

    WaitingEngines(List<? extends Requester<?, ?>> requesters) {
        for (Requester<?, ?> each : requesters) {
            if (!all.contains(each.engine)) {
                all.add(each.engine);
                if (each.engine.isInvoked()) {
                    invoked.add(each.engine);
                }
            }
        }
    }

    /** Refuses an action that would wait on a thread that would end the wait. */
    void checkMayWait(String action) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).checkNotInDutyCycle(action);
        }
    }

    /**
     * Makes what the thread waits for more likely: calls {@link Engine#work()} of the engines that nobody else runs.
     * Unless that did something, parks until unparked, at most for the given time, and for less if there are such
     * engines.
     */
    void workOrPark(long nanos) {
        int done = 0;
        for (int i = 0; i < invoked.size(); i++) {
            done += invoked.get(i).work();
        }
        if (done == 0) {
            LockSupport.parkNanos(this, invoked.isEmpty() ? nanos : Math.min(nanos, MAX_INVOKED_PARK_NANOS));
        }
    }
}
