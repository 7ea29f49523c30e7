package io.multishot.verification.soak;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A round's page in the ledger. Each use of the sender puts its answer here, the receiver its verdict; whoever is last
 * judges whether all this fits together.
 */
final class Round {
    private final Ledger ledger;
    private final int channel;
    private final long number;
    private final Plan plan;
    private final Parcel[] parcels;
    private final @Nullable Answer[] answers;
    private final AtomicInteger missing;
    private @Nullable Verdict verdict;

    Round(Ledger ledger, int channel, long number, Plan plan) {
        int uses = plan.uses().size();
        this.ledger = ledger;
        this.channel = channel;
        this.number = number;
        this.plan = plan;
        this.parcels = new Parcel[uses];
        this.answers = new @Nullable Answer[uses];
        this.missing = new AtomicInteger(uses + 1);
        for (int i = 0; i < uses; i++) {
            parcels[i] = new Parcel(channel, number);
        }
    }

    Plan plan() {
        return plan;
    }

    Parcel parcel(int use) {
        return parcels[use];
    }

    /** What the sender answered to this use. */
    void answered(int use, Answer answer) {
        answers[use] = answer;
        ledger.answered(plan.uses().get(use), answer);
        judgeIfComplete();
    }

    /** What the receiver saw. */
    void ended(Verdict seen) {
        verdict = seen;
        if (seen.kind() == Verdict.Kind.RECEIVED) {
            ledger.received();
            inspect(seen.what());
        }
        judgeIfComplete();
    }

    void complain(String what) {
        ledger.discrepancy(this + ": " + what);
    }

    private void inspect(@Nullable Object value) {
        if (!(value instanceof Parcel parcel)) {
            complain("received what nobody sent: " + value);
            return;
        }
        if (!parcel.belongsTo(channel, number)) {
            complain("received in the wrong round: " + parcel);
        }
        if (!parcel.isIntact()) {
            complain("received a value without its content");
        }
        if (!parcel.receive()) {
            complain("received twice: " + parcel);
        }
    }

    private void judgeIfComplete() {
        int left = missing.decrementAndGet();
        if (left < 0) {
            complain("somebody reported twice");
        } else if (left == 0) {
            String problem = problem();
            if (problem != null) {
                complain(problem + "; the sender answered " + Arrays.toString(answers) + ", the receiver saw "
                        + verdict);
            }
            ledger.judged(plan, verdict, discardedValue());
        }
    }

    /** What is wrong with the round, or null. Everybody's reports are visible here. */
    private @Nullable String problem() {
        Verdict.Kind kind = kind();
        int handedOver = count(Answer.HANDED_OVER);
        boolean refused = count(Answer.REFUSED) > 0;
        if (plan.isLeak()) {
            boolean expected = kind != Verdict.Kind.RECEIVED && kind != Verdict.Kind.FAILED;
            return expected ? null : "the sender was lost, and yet there is an outcome";
        }
        if (handedOver > 1) {
            return "more than one use succeeded";
        }
        if (handedOver == 1 && refused) {
            return "one use succeeded, and another was told that nobody wants it";
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

    private boolean isOutcomeOfWinner(Verdict.Kind kind) {
        int winner = List.of(answers).indexOf(Answer.HANDED_OVER);
        Object what = verdict == null ? null : verdict.what();
        return switch (plan.uses().get(winner)) {
            case SEND -> kind == Verdict.Kind.RECEIVED && what == parcels[winner];
            case FAIL -> kind == Verdict.Kind.FAILED && parcels[winner].isCause(what);
            case DROP -> kind == Verdict.Kind.DROPPED;
        };
    }

    /** Whether a value was handed over to a receiver that did not want it any more. */
    private boolean discardedValue() {
        Verdict.Kind kind = kind();
        int winner = List.of(answers).indexOf(Answer.HANDED_OVER);
        return winner >= 0
                && plan.uses().get(winner) == Use.SEND
                && (kind == Verdict.Kind.DISCARDED || kind == Verdict.Kind.CLOSED);
    }

    private Verdict.Kind kind() {
        return verdict == null ? Verdict.Kind.CLOSED : verdict.kind();
    }

    private int count(Answer wanted) {
        int count = 0;
        for (Answer answer : answers) {
            if (answer == wanted) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return "channel " + channel + ", round " + number + ", " + plan;
    }
}
