package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.RoundPlan.Fault;
import io.multishot.verification.soak.RoundPlan.ReceiveMode;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits inside the receiver: without a limit, with a timeout, uninterruptibly, or by trying in a loop. */
final class BlockingReceive implements SoakChannel.ReceiveStrategy {
    private static final int NANOS_PER_UNIT = 2_000;
    private static final int PAUSE_NANOS = 10_000;

    private final Ledger ledger;

    BlockingReceive(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public ReceiverResult await(Receiver<TrackedValue> receiver, Round round) {
        boolean interrupt = round.plan().fault() == Fault.INTERRUPT_BY_RECEIVER;
        while (true) {
            if (interrupt) {
                Thread.currentThread().interrupt();
            }
            ReceiverResult result =
                    receiveOnce(receiver, round.plan(), round.plan().mode());
            if (result != null) {
                if (interrupt && !Thread.interrupted()) {
                    round.complain("the outcome was received, and the interrupt was lost");
                }
                return result;
            }
            interrupt = false;
        }
    }

    /** Tries once. A call that would wait without a limit is interrupted beforehand, so that it gives up. */
    @Override
    public @Nullable ReceiverResult attempt(Receiver<TrackedValue> receiver, Round round) {
        ReceiveMode mode = round.plan().mode();
        boolean interrupt = mode == ReceiveMode.RECEIVE;
        if (interrupt) {
            Thread.currentThread().interrupt();
        }
        ReceiverResult result = receiveOnce(
                receiver, round.plan(), mode == ReceiveMode.RECEIVE_UNINTERRUPTIBLY ? ReceiveMode.TRY_RECEIVE : mode);
        if (interrupt && result != null && !Thread.interrupted()) {
            round.complain("the outcome was received, and the interrupt was lost");
        }
        return result;
    }

    private @Nullable ReceiverResult receiveOnce(Receiver<TrackedValue> receiver, RoundPlan plan, ReceiveMode mode) {
        try {
            switch (mode) {
                case RECEIVE_TIMED -> {
                    Duration timeout = Duration.ofNanos((long) plan.randomByte(1) * NANOS_PER_UNIT);
                    return ReceiverResult.of(() -> receiver.receive(timeout));
                }
                case RECEIVE_UNINTERRUPTIBLY -> {
                    return ReceiverResult.of(receiver::receiveUninterruptibly);
                }
                case TRY_RECEIVE -> {
                    pause();
                    return ReceiverResult.of(receiver::tryReceive);
                }
                default -> {
                    return ReceiverResult.of(receiver::receive);
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

    /**
     * Pauses a thread that tries in a loop, and keeps its interrupt flag. Yielding would not do: virtual threads that
     * yield in a loop may occupy all carriers, and threads that were unparked from outside starve.
     */
    static void pause() {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + PAUSE_NANOS;
        for (long left = PAUSE_NANOS; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left); // returns at once the first time if the interrupt has left a permit
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
