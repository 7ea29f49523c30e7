package io.multishot.verification;

import io.multishot.Waker;
import java.util.concurrent.atomic.AtomicInteger;

/** A waker that counts its calls. */
public final class WakeCounter implements Waker {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void wake() {
        calls.incrementAndGet();
    }

    /** Returns how often the waker was called. */
    public int calls() {
        return calls.get();
    }
}
