package io.multishot;

import org.jspecify.annotations.Nullable;

/**
 * What a slot can hold besides {@code null}, which means <em>open</em>, and a user's value. The class is private to the
 * package, so no user value can be mistaken for a state, and one type test tells the two apart.
 */
abstract sealed class SlotState {
    /** Describes what a receiver finds in its slot, in words for people. */
    static String describe(@Nullable Object seen) {
        if (seen == null) {
            return "a sender is live";
        }
        if (seen instanceof Waiter) {
            return "a sender is live, a waiter is registered";
        }
        if (seen instanceof Failure failure) {
            return "failed with " + failure.cause.getClass().getName();
        }
        return seen instanceof Sentinel sentinel ? sentinel.description : "a value awaits";
    }

    /** A state without data. The first three can stand in a slot that two threads share, the others never do. */
    static final class Sentinel extends SlotState {
        /** The sender was consumed without a value. Written by the sender, read by the receiver. */
        static final Sentinel DROPPED = new Sentinel("dropped");

        /**
         * The value is the cell itself, which would be mistaken for TAKEN. Written by the sender, read by the receiver.
         */
        static final Sentinel ITSELF = new Sentinel("a value awaits");

        /** The receiver has let go of the cell for good. Written by the receiver, read by the sender. */
        static final Sentinel ABANDONED = new Sentinel("abandoned");

        /** The receiver has no cell: the next round needs a new one. */
        static final Sentinel VACANT = new Sentinel("no round in progress");

        /** The receiver has no cell: the next round needs a new one, to be recycled. */
        static final Sentinel VACANT_RECYCLING = new Sentinel("no round in progress");

        /** A future waits for this round on the receiver's behalf. */
        static final Sentinel OWNED = new Sentinel("owned by a future");

        /** The receiver is closed. */
        static final Sentinel CLOSED = new Sentinel("closed");

        private final String description;

        private Sentinel(String description) {
            this.description = description;
        }
    }

    /** The outcome of a round that its sender failed. */
    static final class Failure extends SlotState {
        final Throwable cause;

        Failure(Throwable cause) {
            this.cause = cause;
        }
    }

    /**
     * What is notified when the round has an outcome. A waiter is immutable, so the sender may use the one that its CAS
     * or exchange returned long after the receiver registered another.
     */
    abstract static sealed class Waiter extends SlotState
            permits WakerWaiter, ThreadWaiter, ReceiveFuture.FutureWaiter {
        /** Notifies the waiting side. Runs on the sender's thread, and may throw whatever user code throws. */
        abstract void onOutcome(Object outcome) throws Exception;

        /**
         * Notifies the waiting side, and lets no exception escape to the sender. The outcome is an argument because the
         * slot must not be read again: the receiver may have recycled it.
         */
        final void notifyOf(Object outcome) {
            try {
                onOutcome(outcome);
            } catch (Throwable thrown) {
                reportUncaught(thrown);
            }
        }

        /** Hands what a waker threw to the thread's uncaught-exception handler: the channel is not disturbed by it. */
        static void reportUncaught(Throwable thrown) {
            try {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            } catch (Throwable ignored) {
                // The JVM ignores exceptions from such a handler, too.
            }
        }
    }

    /** Wakes a task that polls. */
    static final class WakerWaiter extends Waiter {
        final Waker waker;

        WakerWaiter(Waker waker) {
            this.waker = waker;
        }

        @Override
        void onOutcome(Object outcome) {
            if (waker instanceof Task task) {
                task.wakeWithRoom(); // the sender has made sure of it
            } else {
                waker.wake();
            }
        }
    }
}
