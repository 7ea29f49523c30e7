package io.multishot;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where, and on which thread, a sender was made or consumed. Only the checked mode makes traces. */
final class Trace extends Throwable {
    private static final long serialVersionUID = 1L;

    private static final Set<String> LIBRARY = Set.of(
            Trace.class.getName(),
            CheckedSender.class.getName(),
            Sender.class.getName(),
            Receiver.class.getName(),
            Rounds.class.getName(),
            ReplyTable.class.getName());

    Trace(String what, @Nullable Throwable cause) {
        super(what + " on thread \"" + Thread.currentThread().getName() + "\"", cause);
    }

    static Trace made() {
        return new Trace("sender made", null);
    }

    static Trace consumed(Object outcome, Trace made) {
        String use = outcome instanceof Failure ? "fail()" : outcome == Mark.DROPPED ? "drop()" : "send()";
        return new Trace("sender consumed by " + use, made);
    }

    /** The message and the first place outside this library. */
    String where() {
        for (StackTraceElement frame : getStackTrace()) {
            String name = frame.getClassName();
            int nested = name.indexOf('$');
            if (!LIBRARY.contains(nested < 0 ? name : name.substring(0, nested))) {
                return getMessage() + " at " + frame;
            }
        }
        return getMessage() + " at an unknown place";
    }
}
