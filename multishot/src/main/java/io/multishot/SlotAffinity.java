package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The rule by which the slots of a {@link ReplyTable} stay reserved for recycled senders, and when it is suspended. */
final class SlotAffinity {
    /*
     * A recycled sender comes back round after round, mostly to the same table. So the slot that it used last stays
     * reserved for it: the sender has the slot's number attached, and the slot keeps the sender. The next request then
     * takes one compare-and-set to open and one to claim, and the free list is not touched. The number is a hint. It
     * may be another table's, or old; open asks the slot whether it is reserved, and for which sender.
     *
     * A slot may be reserved for a sender that never returns. So when the free list is empty, affinity is suspended,
     * and the open that found it empty gathers the reserved slots: it walks over all slots and moves the reserved ones
     * to the free list. If there were many, affinity resumes at once. If there were few, the table is nearly full. Then
     * every slot goes through the free list, until a sample of the slots shows that most of them are vacant.
     *
     * The mode is one number: an epoch, and in the lowest two bits a state.
     *
     *   state       claimed slots            next mode, by a compare-and-set
     *   AFFINE      stay reserved            GATHERING, same epoch: by an open that found the free list empty
     *   GATHERING   go to the free list      AFFINE, next epoch, or GATHERED, same epoch: by the first gatherer that
     *                                        completes its walk, after many reserved slots or few
     *   GATHERED    go to the free list      AFFINE, next epoch: by an open that found most slots of a sample vacant
     *
     * The mode only grows, so it never returns to a value. (There are 2^62 epochs: at a hundred million a second, they
     * last for 1,400 years.) Two equal loads therefore prove that the mode was the same all the time in between, and a
     * compare-and-set that expects an older mode fails.
     *
     * No slot stays reserved unnoticed. A claim reserves its slot, then loads the mode, and gives the slot back unless
     * the mode is AFFINE. A gatherer makes the mode GATHERING, or loads that, and loads the words of all slots after
     * that. All four accesses are volatile, so they have one order: either the walk finds the slot reserved, or the
     * claim finds the mode GATHERING, or a later one. This is Dekker's pattern. If the later mode is AFFINE again, it
     * belongs to a later epoch, and the slot may stay: the walk of that epoch has not begun. Whatever a claim knew of
     * the mode before its compare-and-set does not matter. Having seen AFFINE it reserves, and loads the mode again;
     * having seen anything else it pushes the slot, which is right in every mode.
     *
     * A table is full if each slot is in flight or in the hands of a call at one moment. An open that finds the free
     * list empty reports that only if the mode was GATHERED before the pop and is the same number after it. Then the
     * mode was GATHERED all the time, and there was a moment in between when the free list was empty. Take a slot that
     * is reserved at that moment. The walk that led to this mode did not find it so, or it would have taken it; the
     * slot was reserved after the walk had passed. If the claim that reserved it has loaded the mode by that moment, it
     * has found one other than AFFINE, and is giving the slot back; otherwise it has yet to load the mode. Either way
     * the slot is in the hands of that call. Without the second load of the open, affinity might have resumed before
     * the moment, and idle senders might hold the slots. Without the epoch, it might have resumed and been suspended
     * again.
     *
     * Nobody waits. An open that finds the free list empty tries again only if the mode has changed since, or must
     * change now. Affinity resumes after GATHERING only if that gatherer has pushed slots, and after GATHERED only in
     * an open that has popped a slot. So if an open tries again and again, other opens have taken slots. A gatherer
     * that stalls delays nobody: the others gather, too.
     *
     * When affinity resumes decides only what requests cost. If it resumes after few slots were gathered, or while few
     * are vacant, the next walk comes soon, and finds little. With a quarter of all slots gathered, each of them took
     * four loads at most. With half of all slots vacant, about half the capacity is opened until the next walk: two
     * loads a request.
     */
    private static final VarHandle MODE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "mode", VarHandle.class, SlotAffinity.class, long.class);

    private static final long AFFINE = 0;
    private static final long GATHERING = 1;
    private static final long GATHERED = 2;

    /** The bits of the state; those above are the epoch. */
    private static final long STATE = 3;

    /** More than one slot in so many are many. */
    private static final int ONE_IN = 4;

    @SuppressWarnings("UnusedVariable") // accessed through MODE
    private long mode;

    /** Returns the slot that this sender used last in the table that it was lent to last, or a negative number. */
    static int slotOf(@Nullable Sender<?> sender) {
        return sender instanceof Sender.Recycled<?> ? (sender.tableState & Integer.MAX_VALUE) - 1 : -1;
    }

    /**
     * Attaches this slot to the sender, which is not marked as in flight yet, so that it stays reserved after the
     * claim, unless affinity is suspended.
     */
    void attach(Sender<?> sender, int slot) {
        if (sender instanceof Sender.Recycled<?> && isAffine()) {
            sender.tableState = slot + 1;
        }
    }

    boolean isAffine() {
        return (modeVolatile() & STATE) == AFFINE;
    }

    static boolean isGathered(long mode) {
        return (mode & STATE) == GATHERED;
    }

    /** Tells whether the mode is the same as before. Then it has been the same all the time since. */
    boolean hasStayed(long mode) {
        return modeVolatile() == mode;
    }

    /** Suspends affinity, before the walk. Returns false if the mode has changed and the walk would be in vain. */
    boolean suspend(long seen) {
        return (seen & STATE) == GATHERING || modeCompareAndSet(seen, seen | GATHERING);
    }

    /** Ends what {@link #suspend} began with this mode, after the walk, unless another gatherer was faster. */
    void endGathering(long seen, int gathered, int capacity) {
        boolean many = gathered > capacity / ONE_IN;
        modeCompareAndSet(seen | GATHERING, many ? nextEpoch(seen) : (seen & ~STATE) | GATHERED);
    }

    /** Lets slots stay reserved again, unless the mode has changed since this GATHERED one. */
    void resume(long seen) {
        modeCompareAndSet(seen, nextEpoch(seen));
    }

    private static long nextEpoch(long mode) {
        return (mode | STATE) + 1; // and AFFINE
    }

    /**
     * Loads the mode: a claim after its compare-and-set, an open before and after its pop, and both to learn whether
     * slots stay reserved. Ordering: volatile, pairs with {@link #modeCompareAndSet}. The claim's load is half of a
     * Dekker pair; those of an open must stay on their sides of the pop.
     */
    long modeVolatile() {
        return (long) MODE.getVolatile(this);
    }

    /**
     * Transition: AFFINE → GATHERING, before the walk over the slots; GATHERING → GATHERED or AFFINE, after it;
     * GATHERED → AFFINE, at any time. Ordering: volatile. The first is half of a Dekker pair, and the second follows
     * the walk; the third needs only its atomicity.
     */
    private boolean modeCompareAndSet(long seen, long next) {
        return MODE.compareAndSet(this, seen, next);
    }
}
