package io.multishot.verification.jcstress;

import io.multishot.Waker;
import java.util.concurrent.atomic.AtomicInteger;

/** A waker that counts its calls. */
final class Tally implements Waker {
    private final AtomicInteger wakes = new AtomicInteger();

    @Override
    public void wake() {
        wakes.incrementAndGet();
    }

    int wakes() {
        return wakes.get();
    }
}
