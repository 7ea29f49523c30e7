package io.multishot.verification.lincheck;

import org.jetbrains.lincheck.datastructures.Operation;

/**
 * The sequential specification of a channel. It has the operations of {@link ChannelOperations}, and uses no part of
 * the library.
 */
public class SequentialChannel {
    private static final String LIVE = "live";
    private static final String TAKEN = "taken";
    private static final String DETACHED = "detached";
    private static final String FAILED = "FAILED";
    private static final String DROPPED = "DROPPED";

    private boolean begun;

    /** One of the words above, or the unread value. */
    private String state = TAKEN;

    /** The waker that was registered last, 0 for none. */
    private int waker;

    @Operation
    public boolean begin() {
        if (state.equals(LIVE)) {
            return false;
        }
        begun = true;
        state = LIVE;
        waker = 0;
        return true;
    }

    @Operation
    public String send(int value) {
        return use(Integer.toString(value));
    }

    @Operation
    public String fail() {
        return use(FAILED);
    }

    @Operation
    public String drop() {
        return use(DROPPED);
    }

    /** Returns the result of the use and which waker it called, so that a lost wake-up changes the result. */
    private String use(String outcome) {
        if (!begun) {
            return "no sender";
        }
        if (state.equals(DETACHED)) {
            return "refused";
        }
        if (!state.equals(LIVE)) {
            return "already consumed";
        }
        state = outcome;
        return "handed over, woke " + waker;
    }

    @Operation
    public String poll(int waker) {
        if (state.equals(LIVE)) {
            this.waker = waker;
            return "PENDING";
        }
        if (state.equals(FAILED)) {
            return FAILED;
        }
        return isValue() ? "READY" : DROPPED;
    }

    @Operation
    public String take() {
        if (state.equals(LIVE)) {
            return "pending";
        }
        String taken = isValue() || state.equals(FAILED) ? state : DROPPED;
        if (!state.equals(DETACHED)) {
            state = TAKEN;
        }
        return taken;
    }

    @Operation
    public boolean abandon() {
        if (state.equals(LIVE)) {
            state = DETACHED;
            return true;
        }
        if (!state.equals(DETACHED)) {
            state = TAKEN;
        }
        return false;
    }

    private boolean isValue() {
        return Character.isDigit(state.charAt(0));
    }
}
