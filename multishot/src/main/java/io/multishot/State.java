package io.multishot;

import org.jspecify.annotations.Nullable;

/**
 * What a slot can hold besides {@code null} (<em>open</em>) and a user's value. The class is private to the package, so
 * no user value can be mistaken for a state, and one type test tells the two apart.
 */
abstract sealed class State permits Waiter, Failure, Mark {
    /** What a slot says to the receiver, in words. */
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
        return seen instanceof Mark mark ? mark.description : "a value awaits";
    }
}
