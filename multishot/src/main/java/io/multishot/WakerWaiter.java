package io.multishot;

/** Wakes a task that polls. */
final class WakerWaiter extends Waiter {
    final Waker waker;

    WakerWaiter(Waker waker) {
        this.waker = waker;
    }

    @Override
    void signal(Object outcome) {
        waker.wake();
    }
}
