package io.multishot.verification.soak;

import io.multishot.Receiver;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits inside the receiver: forever, for a time, against interrupts, or by asking again and again. */
final class Blocking implements Waiting {
    private static final int NANOS_PER_DIE = 2_000;

    private final Ledger ledger;

    Blocking(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public Verdict await(Receiver<Parcel> receiver, Round round) {
        boolean interrupt = round.plan().fault() == Fault.INTERRUPT_BY_RECEIVER;
        while (true) {
            if (interrupt) {
                Thread.currentThread().interrupt();
            }
            Verdict verdict = tryOnce(receiver, round.plan(), round.plan().way());
            if (verdict != null) {
                if (interrupt && !Thread.interrupted()) {
                    round.complain("the outcome came, and the interrupt was forgotten");
                }
                return verdict;
            }
            interrupt = false;
        }
    }

    /** Ways that would wait without end are interrupted at once, so that they look and give up. */
    @Override
    public @Nullable Verdict attempt(Receiver<Parcel> receiver, Round round) {
        Way way = round.plan().way();
        boolean interrupt = way == Way.RECEIVE;
        if (interrupt) {
            Thread.currentThread().interrupt();
        }
        Verdict verdict = tryOnce(receiver, round.plan(), way == Way.RECEIVE_UNINTERRUPTIBLY ? Way.TRY_RECEIVE : way);
        if (interrupt && verdict != null && !Thread.interrupted()) {
            round.complain("the outcome came, and the interrupt was forgotten");
        }
        return verdict;
    }

    private @Nullable Verdict tryOnce(Receiver<Parcel> receiver, Plan plan, Way way) {
        try {
            switch (way) {
                case RECEIVE_TIMED -> {
                    Duration patience = Duration.ofNanos((long) plan.dice(1) * NANOS_PER_DIE);
                    return Verdict.of(() -> receiver.receive(patience));
                }
                case RECEIVE_UNINTERRUPTIBLY -> {
                    return Verdict.of(receiver::receiveUninterruptibly);
                }
                case TRY_RECEIVE -> {
                    Pace.pause();
                    return Verdict.of(receiver::tryReceive);
                }
                default -> {
                    return Verdict.of(receiver::receive);
                }
            }
        } catch (InterruptedException interrupted) {
            ledger.interrupted();
            return null;
        } catch (TimeoutException late) {
            ledger.timedOut();
            return null;
        }
    }
}
