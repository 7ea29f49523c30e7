package io.multishot;

/**
 * Tells an asynchronous task that it is worth polling again.
 *
 * <p>A waker given to {@link Receiver#poll(Waker)} is called at most once per registration, on the thread that uses the
 * {@link Sender}, after the outcome of the round is visible to the receiver. Only the waker that was registered last is
 * called.
 *
 * <p><b>Late calls.</b> A receiver never waits for the sender's thread. So the call may arrive when the receiver has
 * seen the outcome by itself, or is already rounds ahead. A waker is a hint, never a proof: the task polls again and
 * finds out.
 *
 * <p><b>Identity.</b> Wakers are compared by identity, and polling again with the same one costs nothing. Hold one
 * instance: each evaluation of {@code task::wake} makes a new waker.
 *
 * <p>A waker should return soon and must not block, for it runs inside {@link Sender#send(Object)}. If it throws, the
 * sender is not disturbed: the exception goes to that thread's {@linkplain Thread#getUncaughtExceptionHandler()
 * uncaught exception handler}.
 */
@FunctionalInterface
public interface Waker {
    /** Wakes the task. */
    void wake();
}
