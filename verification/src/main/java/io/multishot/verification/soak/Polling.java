package io.multishot.verification.soak;

import io.multishot.Poll;
import io.multishot.Receiver;
import org.jspecify.annotations.Nullable;

/** Polls with wakers: the same one in many rounds, or one for this round only, or one that takes another's place. */
final class Polling implements Waiting {
    private final Ledger ledger;
    private @Nullable Alarm lasting;

    Polling(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public Verdict await(Receiver<Parcel> receiver, Round round) {
        awaitOutcome(receiver, round);
        return Verdict.take(receiver);
    }

    @Override
    public @Nullable Verdict attempt(Receiver<Parcel> receiver, Round round) {
        Poll seen = receiver.poll(lasting());
        return seen == Poll.PENDING ? null : Verdict.take(receiver);
    }

    /** Waits until there is an outcome, and leaves it where it is. */
    void awaitOutcome(Receiver<Parcel> receiver, Round round) {
        Plan plan = round.plan();
        boolean faulty = plan.fault() == Fault.THROW;
        Alarm first = null;
        if ((plan.dice(0) & 1) == 0) {
            first = new Alarm(ledger, Thread.currentThread());
            if (receiver.poll(first) != Poll.PENDING) {
                return;
            }
        }
        if ((plan.dice(0) & 2) == 0) {
            awaitLasting(receiver, first, faulty);
        } else {
            awaitFresh(receiver, round, first, faulty);
        }
        if (first != null && first.calls() > 1) {
            round.complain("a waker was called twice for one registration");
        }
    }

    /** A late call from an earlier round may wake it for nothing. */
    private void awaitLasting(Receiver<Parcel> receiver, @Nullable Alarm first, boolean faulty) {
        Alarm alarm = lasting();
        alarm.reset(faulty);
        while (receiver.poll(alarm) == Poll.PENDING) {
            retire(first);
            alarm.sleep();
            alarm.reset(faulty);
        }
    }

    /** Knows no other round, so when it is called the outcome is there. */
    private void awaitFresh(Receiver<Parcel> receiver, Round round, @Nullable Alarm first, boolean faulty) {
        Alarm alarm = new Alarm(ledger, Thread.currentThread());
        alarm.reset(faulty);
        if (receiver.poll(alarm) == Poll.PENDING) {
            retire(first);
            alarm.sleep();
            if (receiver.poll(alarm) == Poll.PENDING) {
                round.complain("a waker was called before the outcome was visible");
                alarm.reset(false);
                alarm.sleep();
            }
        }
        if (alarm.calls() > 1) {
            round.complain("a waker was called twice for one registration");
        }
    }

    private static void retire(@Nullable Alarm first) {
        if (first != null) {
            first.retire();
        }
    }

    /** Made late, because the thread that waits is not the one that makes this object. */
    private Alarm lasting() {
        Alarm alarm = lasting;
        if (alarm == null) {
            alarm = new Alarm(ledger, Thread.currentThread());
            lasting = alarm;
        }
        return alarm;
    }
}
