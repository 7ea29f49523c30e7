package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/**
 * A channel with one thread on each side, as operations for the model checker. A use of the sender returns which waker
 * it called, so the wake-up is part of what is compared with {@link SequentialChannel}.
 */
@Param(name = "waker", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public abstract class ChannelOperations {
    private static final Exception CAUSE = new Exception("cause");

    /** The sum of the wakers called in the present use. Wakers are called on the sender's thread. */
    private int woken;

    private final Receiver<Integer> receiver;
    private final Waker one = () -> woken += 1;
    private final Waker two = () -> woken += 2;

    /** The last sender that was handed out. */
    private volatile @Nullable Sender<Integer> sender;

    ChannelOperations(Receiver<Integer> receiver) {
        this.receiver = receiver;
    }

    /** Recycles its sender. */
    public static class Recycling extends ChannelOperations {
        public Recycling() {
            super(Receiver.recycling());
        }
    }

    /** Makes a new sender for each round. */
    public static class Safe extends ChannelOperations {
        public Safe() {
            super(new Receiver<>());
        }
    }

    @Operation(nonParallelGroup = "receiver")
    public boolean begin() {
        Sender<Integer> next = receiver.trySender();
        if (next == null) {
            return false;
        }
        sender = next;
        return true;
    }

    @Operation(nonParallelGroup = "sender")
    public String send(@Param(name = "value") int value) {
        return use(held -> held.send(value));
    }

    @Operation(nonParallelGroup = "sender")
    public String fail() {
        return use(held -> held.fail(CAUSE));
    }

    @Operation(nonParallelGroup = "sender")
    public String drop() {
        return use(Sender::drop);
    }

    /** One way to consume a sender. */
    @FunctionalInterface
    private interface Use {
        boolean of(Sender<Integer> sender);
    }

    private String use(Use use) {
        Sender<Integer> held = sender;
        if (held == null) {
            return "no sender";
        }
        woken = 0;
        try {
            return use.of(held) ? "handed over, woke " + woken : "refused";
        } catch (IllegalStateException consumed) {
            return "already consumed";
        }
    }

    @Operation(nonParallelGroup = "receiver")
    public String poll(@Param(name = "waker") int waker) {
        return receiver.poll(waker == 1 ? one : two).name();
    }

    @Operation(nonParallelGroup = "receiver")
    public String take() {
        try {
            return receiver.take().toString();
        } catch (SenderFailedException failed) {
            return "FAILED";
        } catch (SenderDroppedException dropped) {
            return "DROPPED";
        } catch (IllegalStateException pending) {
            return "pending";
        }
    }

    @Operation(nonParallelGroup = "receiver")
    public boolean abandon() {
        return receiver.abandon();
    }
}
