package io.multishot;

/**
 * Who is told when the round has an outcome. A waiter is immutable, so the sender may use the one that its exchange
 * returned long after the receiver registered another.
 */
abstract sealed class Waiter extends State permits WakerWaiter, ThreadWaiter, ReceiveFuture.FutureWaiter {
    /** Tells it. Runs on the sender's thread; may throw whatever user code throws. */
    abstract void signal(Object outcome) throws Exception;

    /**
     * Tells it, and lets nothing escape to the sender. The outcome is handed over as an argument because the slot must
     * not be read again: the receiver may have recycled it.
     */
    final void wake(Object outcome) {
        try {
            signal(outcome);
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    /** What becomes of an exception from a waker: it is the business of the thread, not of the channel. */
    static void report(Throwable thrown) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable ignored) {
            // As the JVM does with an exception from such a handler.
        }
    }
}
