package io.multishot.verification.lincheck;

import io.multishot.Waker;
import java.util.concurrent.atomic.AtomicInteger;

/** A waker that counts its calls. */
final class CountingWaker implements Waker {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void wake() {
        calls.incrementAndGet();
    }

    int calls() {
        return calls.get();
    }
}
