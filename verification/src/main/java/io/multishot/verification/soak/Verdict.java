package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a round ended for its receiver.
 *
 * @param kind how
 * @param what the value or the cause, where there is one
 */
record Verdict(Kind kind, @Nullable Object what) {
    static final Verdict DROPPED = new Verdict(Kind.DROPPED, null);
    static final Verdict DISCARDED = new Verdict(Kind.DISCARDED, null);
    static final Verdict DETACHED = new Verdict(Kind.DETACHED, null);
    static final Verdict CLOSED = new Verdict(Kind.CLOSED, null);

    /** What there is to tell. */
    enum Kind {
        RECEIVED,
        FAILED,
        DROPPED,
        /** The outcome was there, and the receiver did not want it. */
        DISCARDED,
        /** The receiver left before there was an outcome. */
        DETACHED,
        /** The receiver was closed, which does not tell whether there was an outcome. */
        CLOSED
    }

    static Verdict received(Object value) {
        return new Verdict(Kind.RECEIVED, value);
    }

    static Verdict failed(@Nullable Throwable cause) {
        return new Verdict(Kind.FAILED, cause);
    }

    /** What abandon() answered, in these words. */
    static Verdict abandoned(boolean detached) {
        return detached ? DETACHED : DISCARDED;
    }

    /** Makes a receiving call, and tells what came of it; null if it returned null. */
    static @Nullable Verdict of(Call call) throws InterruptedException, TimeoutException {
        try {
            Parcel parcel = call.receive();
            return parcel == null ? null : received(parcel);
        } catch (SenderFailedException failed) {
            return failed(failed.getCause());
        } catch (SenderDroppedException dropped) {
            return DROPPED;
        }
    }

    /** Takes the outcome that poll has found. */
    static Verdict take(Receiver<Parcel> receiver) {
        return ofCalm(receiver::take);
    }

    /** Makes a receiving call that waits for the outcome as long as it takes, or finds it there. */
    static Verdict ofCalm(Call call) {
        try {
            Verdict verdict = of(call);
            if (verdict != null) {
                return verdict;
            }
            throw new AssertionError("there was no outcome");
        } catch (InterruptedException | TimeoutException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A receiving call. */
    @FunctionalInterface
    interface Call {
        @Nullable Parcel receive() throws InterruptedException, TimeoutException;
    }
}
