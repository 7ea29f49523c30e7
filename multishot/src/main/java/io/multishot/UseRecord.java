package io.multishot;

import io.multishot.SlotState.Failure;
import io.multishot.SlotState.Sentinel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records where, and on which thread, a sender was made or consumed. Only the checked mode makes such records, and a
 * few if only leaks are detected.
 */
final class UseRecord extends Throwable {
    private static final long serialVersionUID = 1L;

    /** The classes whose frames are skipped to find the user's code. */
    private static final Set<String> LIBRARY = Set.of(
            UseRecord.class.getName(),
            CheckedSender.class.getName(),
            Sender.class.getName(),
            Receiver.class.getName(),
            ReplyTable.class.getName(),
            ReplyQueue.class.getName(),
            Deadlines.class.getName());

    UseRecord(String what, @Nullable Throwable cause) {
        super(what + " on thread \"" + Thread.currentThread().getName() + "\"", cause);
    }

    static UseRecord made() {
        return new UseRecord("sender made", null);
    }

    static UseRecord consumed(Object outcome, @Nullable UseRecord made) {
        String use = outcome instanceof Failure ? "fail()" : outcome == Sentinel.DROPPED ? "drop()" : "send()";
        return new UseRecord("sender consumed by " + use, made);
    }

    /** Returns the message, and the first stack frame outside this library. */
    String where() {
        for (StackTraceElement frame : getStackTrace()) {
            String outermost = frame.getClassName().replaceFirst("\\$.*", "");
            if (!LIBRARY.contains(outermost)) {
                return getMessage() + " at " + frame;
            }
        }
        return getMessage() + " at an unknown place";
    }
}
