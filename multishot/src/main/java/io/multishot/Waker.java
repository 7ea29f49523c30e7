package io.multishot;

/**
 * Notifies an asynchronous task that it should poll again.
 *
 * <p>A waker given to {@link Receiver#poll(Waker)} is called at most once per registration, on the thread that uses the
 * {@link Sender}, after the outcome of the round is visible to the receiver. Only the waker that was registered last is
 * called.
 *
 * <p><b>Late calls.</b> A receiver never waits for the sender's thread. So the call may come when the receiver has seen
 * the outcome by itself, or is already several rounds ahead. A call of the waker proves nothing: the task polls again
 * to find out.
 *
 * <p><b>Identity.</b> Wakers are compared by identity, and polling again with the same waker costs no atomic operation.
 * Hold one instance: each evaluation of {@code task::wake} makes a new waker.
 *
 * <p>A waker should return soon and must not block, because it runs inside {@link Sender#send(Object)}. If it throws,
 * the sender is not disturbed: the exception goes to that thread's {@linkplain Thread#getUncaughtExceptionHandler()
 * uncaught exception handler}.
 *
 * <p><b>Nesting.</b> A waker that begins the next round itself is called again inside its own call if the answer is
 * sent there and then: each round is deeper in the stack than the last. A {@link Task} never nests.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Waker {
    /** Wakes the task. */
    void wake();
}
