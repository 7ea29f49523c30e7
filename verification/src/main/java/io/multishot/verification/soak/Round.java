package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The record of a round. Each use of the sender reports its result here, and so does the receiver; the last one to
 * report checks that all results are consistent.
 */
final class Round {
    private final Ledger ledger;
    private final int channel;
    private final long number;
    private final RoundPlan plan;
    private final TrackedValue[] values;
    private final @Nullable UseResult[] useResults;
    private final AtomicInteger missingReports;
    private @Nullable ReceiverResult receiverResult;

    Round(Ledger ledger, int channel, long number, RoundPlan plan) {
        int uses = plan.uses().size();
        this.ledger = ledger;
        this.channel = channel;
        this.number = number;
        this.plan = plan;
        this.values = new TrackedValue[uses];
        this.useResults = new @Nullable UseResult[uses];
        this.missingReports = new AtomicInteger(uses + 1);
        for (int i = 0; i < uses; i++) {
            values[i] = new TrackedValue(channel, number);
        }
    }

    RoundPlan plan() {
        return plan;
    }

    /** Returns the value that this use of the sender sends. */
    TrackedValue value(int use) {
        return values[use];
    }

    /** Reports the result of a use of the sender. */
    void reportUse(int use, UseResult result) {
        useResults[use] = result;
        ledger.useReported(plan.uses().get(use), result);
        checkIfComplete();
    }

    /** Reports how the round ended for the receiver. */
    void reportEnd(ReceiverResult result) {
        receiverResult = result;
        if (result.kind() == ReceiverResult.Kind.RECEIVED) {
            ledger.valueReceived();
            inspect(result.what());
        }
        checkIfComplete();
    }

    void complain(String what) {
        ledger.discrepancy(this + ": " + what);
    }

    private void inspect(@Nullable Object received) {
        if (!(received instanceof TrackedValue value)) {
            complain("received what nobody sent: " + received);
            return;
        }
        if (!value.belongsTo(channel, number)) {
            complain("received in the wrong round: " + value);
        }
        if (!value.isIntact()) {
            complain("received a value without its content");
        }
        if (!value.receive()) {
            complain("received twice: " + value);
        }
    }

    private void checkIfComplete() {
        int missing = missingReports.decrementAndGet();
        if (missing < 0) {
            complain("a result was reported twice");
        } else if (missing == 0) {
            String problem = problem();
            if (problem != null) {
                complain(problem + "; the uses of the sender returned " + Arrays.toString(useResults)
                        + ", the receiver got " + receiverResult);
            }
            ledger.roundComplete(plan, receiverResult, discardedValue());
        }
    }

    /** Returns what is wrong with the round, or null. All reports are visible here. */
    private @Nullable String problem() {
        ReceiverResult.Kind kind = kind();
        int handedOver = count(UseResult.HANDED_OVER);
        boolean refused = count(UseResult.REFUSED) > 0;
        if (plan.losesSender()) {
            boolean expected = kind != ReceiverResult.Kind.RECEIVED && kind != ReceiverResult.Kind.FAILED;
            return expected ? null : "the sender was lost, and yet there is an outcome";
        }
        if (handedOver > 1) {
            return "more than one use succeeded";
        }
        if (handedOver == 1 && refused) {
            return "one use succeeded, and another returned false";
        }
        if (handedOver == 0 && !refused) {
            return "no use succeeded";
        }
        return switch (kind) {
            case RECEIVED, FAILED, DROPPED ->
                handedOver == 1 && isOutcomeOfWinner(kind)
                        ? null
                        : "the outcome is not that of the use which succeeded";
            case DISCARDED -> handedOver == 1 ? null : "an outcome was discarded that nobody handed over";
            case DETACHED -> handedOver == 0 ? null : "an outcome was handed over to nobody: lost";
            case CLOSED -> null;
        };
    }

    private boolean isOutcomeOfWinner(ReceiverResult.Kind kind) {
        int winner = List.of(useResults).indexOf(UseResult.HANDED_OVER);
        Object what = receiverResult == null ? null : receiverResult.what();
        return switch (plan.uses().get(winner)) {
            case SEND -> kind == ReceiverResult.Kind.RECEIVED && what == values[winner];
            case FAIL -> kind == ReceiverResult.Kind.FAILED && values[winner].isCause(what);
            case DROP -> kind == ReceiverResult.Kind.DROPPED;
        };
    }

    /** Returns whether a value was handed over to a receiver that then discarded it. */
    private boolean discardedValue() {
        ReceiverResult.Kind kind = kind();
        int winner = List.of(useResults).indexOf(UseResult.HANDED_OVER);
        return winner >= 0
                && plan.uses().get(winner) == RoundPlan.Use.SEND
                && (kind == ReceiverResult.Kind.DISCARDED || kind == ReceiverResult.Kind.CLOSED);
    }

    private ReceiverResult.Kind kind() {
        return receiverResult == null ? ReceiverResult.Kind.CLOSED : receiverResult.kind();
    }

    private int count(UseResult wanted) {
        int count = 0;
        for (UseResult result : useResults) {
            if (result == wanted) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return "channel " + channel + ", round " + number + ", " + plan;
    }

    /** The result of one use of a sender. */
    enum UseResult {
        /** The use returned true: the receiver gets this outcome, or discards it. */
        HANDED_OVER,
        /** The use returned false: the sender is detached. */
        REFUSED,
        /** The use threw: the sender was consumed before. */
        THREW;

        /** Uses the sender. */
        static UseResult of(Sender<TrackedValue> sender, RoundPlan.Use use, TrackedValue value) {
            try {
                boolean handedOver = switch (use) {
                    case SEND -> sender.send(value);
                    case FAIL -> sender.fail(value.asFailure());
                    case DROP -> sender.drop();
                };
                return handedOver ? HANDED_OVER : REFUSED;
            } catch (IllegalStateException consumed) {
                return THREW;
            }
        }
    }

    /**
     * How a round ended for its receiver.
     *
     * @param kind how
     * @param what the value or the cause, if there is one
     */
    record ReceiverResult(Kind kind, @Nullable Object what) {
        static final ReceiverResult DROPPED = new ReceiverResult(Kind.DROPPED, null);
        static final ReceiverResult DISCARDED = new ReceiverResult(Kind.DISCARDED, null);
        static final ReceiverResult DETACHED = new ReceiverResult(Kind.DETACHED, null);
        static final ReceiverResult CLOSED = new ReceiverResult(Kind.CLOSED, null);

        /** The ways in which a round can end. */
        enum Kind {
            RECEIVED,
            FAILED,
            DROPPED,
            /** The outcome had arrived, and the receiver discarded it. */
            DISCARDED,
            /** The receiver abandoned the round before there was an outcome. */
            DETACHED,
            /** The receiver was closed, so it does not know whether there was an outcome. */
            CLOSED
        }

        static ReceiverResult received(Object value) {
            return new ReceiverResult(Kind.RECEIVED, value);
        }

        static ReceiverResult failed(@Nullable Throwable cause) {
            return new ReceiverResult(Kind.FAILED, cause);
        }

        /** Returns the result that the return value of {@code abandon()} stands for. */
        static ReceiverResult abandoned(boolean detached) {
            return detached ? DETACHED : DISCARDED;
        }

        /** Makes a receiving call and returns its result; null if the call returned null. */
        static @Nullable ReceiverResult of(ReceivingCall call) throws InterruptedException, TimeoutException {
            try {
                TrackedValue value = call.receive();
                return value == null ? null : received(value);
            } catch (SenderFailedException failed) {
                return failed(failed.getCause());
            } catch (SenderDroppedException dropped) {
                return DROPPED;
            }
        }

        /** Takes the outcome that poll has found. */
        static ReceiverResult take(Receiver<TrackedValue> receiver) {
            return ofUninterrupted(receiver::take);
        }

        /** Makes a receiving call that neither throws checked exceptions nor returns null. */
        static ReceiverResult ofUninterrupted(ReceivingCall call) {
            try {
                ReceiverResult result = of(call);
                if (result != null) {
                    return result;
                }
                throw new AssertionError("there was no outcome");
            } catch (InterruptedException | TimeoutException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    /** A call that receives a value. */
    @FunctionalInterface
    interface ReceivingCall {
        @Nullable TrackedValue receive() throws InterruptedException, TimeoutException;
    }
}
