package io.multishot.verification.soak;

import io.multishot.Waker;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A waker that lets its thread sleep until it is called. */
final class Alarm implements Waker {
    private final Ledger ledger;
    private final Thread sleeper;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean rung;
    private volatile boolean replaced;
    private volatile boolean faulty;

    Alarm(Ledger ledger, Thread sleeper) {
        this.ledger = ledger;
        this.sleeper = sleeper;
    }

    @Override
    public void wake() {
        calls.incrementAndGet();
        if (replaced) {
            ledger.discrepancy("a waker was called after another one had replaced it");
        }
        rung = true;
        LockSupport.unpark(sleeper);
        if (faulty) {
            ledger.injectFault("waker");
        }
    }

    /** Before each look at the channel: what is set after the look must not be missed. */
    void reset(boolean faulty) {
        this.faulty = faulty;
        rung = false;
    }

    void sleep() {
        while (!rung) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                ledger.interrupted();
            }
        }
    }

    /** From now on a call is a mistake: another waker has taken the place of this one. */
    void retire() {
        replaced = true;
    }

    int calls() {
        return calls.get();
    }
}
