package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The slots of a table that may be popped, on several stacks of indices, one for each stripe of neighbouring slots.
 * Each thread begins its search at the stripe that its id is mapped to. So threads that make requests at the same time
 * mostly use different stacks, and different cache lines of the table. A slot always returns to the stack of its own
 * stripe, where the same thread will find it again.
 */
final class FreeList {
    /*
     * A stack is one word, its head, and a link for each slot. The head is a tag and the top slot plus one, or 0 if the
     * stack is empty. Each push makes the next tag. So a head that was loaded before returns only if its stack was
     * popped since, and not pushed.
     *
     *   before           operation   after                     who owns the slot then
     *   (tag, top)       pop         (tag, link of top)        the caller alone
     *   (tag, any)       push slot   (tag + 1, slot)           nobody; its link is the slot that was on top
     *
     * ABA: a pop loads the link of the top slot, then changes the head by a compare-and-set. If the slot was popped and
     * pushed again in between, its link may be another one. But then the tag is another one, too, and the
     * compare-and-set fails.
     *
     * Emptiness: the heads are loaded one after the other, so having found each of them empty proves little: a slot may
     * be pushed where the tour has passed. But tags only grow. If a second tour finds the same heads, then no stack was
     * pushed between the two loads of its head, so all stacks were empty at one moment: after the first tour, before
     * the second. The tours are compared by the sum of the heads, because each term only grows. It would take 2^64
     * pushes, divided by the unit of the tag, during one call to make the sum the same again.
     *
     * Stray: an owner that may call nothing, because its stack ends, stores the slot in a field instead of pushing it.
     * The next pop takes it from there. If two owners do that before any pop, one slot is lost.
     */
    private static final VarHandle STRAY = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "stray", VarHandle.class, FreeList.class, int.class);

    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(long[].class);

    /** The distance of two heads: two cache lines, because processors fetch lines in pairs. */
    private static final int LONGS_APART = 16;

    /** Enough to map threads with neighbouring ids to different stripes if there are few processors. */
    private static final int STRIPES_PER_PROCESSOR = 4;

    private static final int MAX_STRIPES = 64;

    /** Two cache lines of words; less is not worth a stack. A power of two. */
    private static final int MIN_SLOTS_PER_STRIPE = 16;

    /** 2^64 divided by the golden ratio: its multiples spread evenly, those of neighbouring ids far apart. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int NO_SLOT = -1;

    /** A slot that is free, but on no stack. */
    volatile int stray = NO_SLOT;

    private final long[] heads;
    private final int[] links;
    private final long topMask;
    private final int stripes;

    /** How far the index of a slot is shifted to get its stripe. */
    private final int stripeShift;

    /** Makes a list of the slots from the first one on; those before it are never popped. */
    FreeList(int first, int capacity) {
        int wanted = Math.min(Runtime.getRuntime().availableProcessors() * STRIPES_PER_PROCESSOR, MAX_STRIPES);
        int each = Math.max((capacity - 1) / wanted + 1, MIN_SLOTS_PER_STRIPE);
        stripeShift = bits(each - 1);
        stripes = ((capacity - 1) >>> stripeShift) + 1;
        topMask = (1L << bits(capacity)) - 1;
        heads = new long[(stripes + 1) * LONGS_APART];
        links = new int[capacity];
        for (int slot = capacity - 1; slot >= first; slot--) {
            push(slot);
        }
    }

    /** Returns how many bits it takes to write this number. */
    static int bits(int number) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(number);
    }

    /**
     * Pops a slot. Lock-free: one atomic read-modify-write, and one more whenever another thread was faster at the same
     * stack.
     *
     * @return the slot, or -1 if there was a moment during the call when all stacks were empty
     */
    int pop() {
        int stray = takeStray();
        if (stray != NO_SLOT) {
            return stray;
        }
        int first = firstStripe(Thread.currentThread().getId(), stripes);
        long before = -1; // not the sum of any heads in which only tags are left
        while (true) {
            long sum = 0;
            for (int i = 0, stripe = first; i < stripes; i++, stripe = stripe + 1 == stripes ? 0 : stripe + 1) {
                long head = head(stripe);
                while ((head & topMask) != 0) {
                    int slot = (int) (head & topMask) - 1;
                    if (headCompareAndSet(stripe, head, (head & ~topMask) | links[slot])) {
                        return slot;
                    }
                    head = head(stripe);
                }
                sum += head;
            }
            if (sum == before) {
                return NO_SLOT;
            }
            before = sum;
        }
    }

    /**
     * Takes the stray slot, if there is one. Ordering: volatile, pairs with the store: what the last owner did is
     * visible. The exchange is atomic, so that one thread gets the slot.
     */
    private int takeStray() {
        return stray == NO_SLOT ? NO_SLOT : (int) STRAY.getAndSet(this, NO_SLOT);
    }

    /** Pushes a slot. Lock-free: one atomic read-modify-write, and one more whenever another thread was faster. */
    void push(int slot) {
        int stripe = slot >>> stripeShift;
        long head;
        do {
            head = head(stripe);
            links[slot] = (int) (head & topMask);
        } while (!headCompareAndSet(stripe, head, ((head | topMask) + 1) | (slot + 1)));
    }

    /**
     * Returns the stripe at which a thread begins its search. Most neighbouring ids are mapped to different stripes.
     */
    static int firstStripe(long threadId, int stripes) {
        long hash = (threadId * GOLDEN) >>> 33;
        return (int) ((hash * stripes) >>> 31);
    }

    /**
     * Loads a head. Ordering: volatile, pairs with the compare-and-set of a push: the link of the slot on top is
     * visible. And the loads of one pop must not be reordered, because two tours prove what was between them.
     */
    private long head(int stripe) {
        return (long) HEAD.getVolatile(heads, (stripe + 1) * LONGS_APART);
    }

    /**
     * Transition: (tag, top) → (tag, link of top), by a pop; (tag, any) → (tag + 1, slot), by a push. Ordering:
     * volatile. The release half publishes the link, and what the last owner of the slot did; the acquire half makes
     * that visible to the next owner. Links are plain: only the owner of a slot writes its link, and if a pop reads it
     * too late, the compare-and-set fails.
     */
    private boolean headCompareAndSet(int stripe, long seen, long next) {
        return HEAD.compareAndSet(heads, (stripe + 1) * LONGS_APART, seen, next);
    }
}
