package io.multishot;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts its calls. */
final class CountingWaker implements Waker {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void wake() {
        count.incrementAndGet();
    }

    int count() {
        return count.get();
    }

    /** Returns the count and resets it. */
    int takeCount() {
        return count.getAndSet(0);
    }
}
