package io.multishot.aeron;

import org.agrona.ErrorHandler;
import org.jspecify.annotations.Nullable;

/** What goes wrong in one engine: it is logged, and told to the handler that the user has set. Any thread. */
final class Faults {
    private volatile @Nullable ErrorHandler handler;

    void handler(@Nullable ErrorHandler next) {
        handler = next;
    }

    void report(String message) {
        Log.error(message);
        tell(new IllegalStateException(message));
    }

    void report(String message, Throwable fault) {
        Log.error(message, fault);
        tell(fault);
    }

    /** Reports where a thread is that does not go on. */
    void reportStack(String message, Thread thread) {
        Throwable stack = new IllegalStateException(message + "; the stack of " + thread.getName() + " follows");
        stack.setStackTrace(thread.getStackTrace());
        report(message, stack);
    }

    private void tell(Throwable fault) {
        ErrorHandler to = handler;
        if (to == null) {
            return;
        }
        try {
            to.onError(fault);
        } catch (Throwable handlerFault) {
            Log.error("the error handler of an engine", handlerFault);
        }
    }
}
