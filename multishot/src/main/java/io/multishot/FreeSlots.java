package io.multishot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which slots of a table nobody has: some stacks of indices, one for each stripe of neighbouring slots. A thread begins
 * to look at the stripe that its id falls on, so that threads which ask at the same time mostly use different stacks,
 * and different cache lines of the table. A slot always goes back to its own stripe: where the thread that asks will
 * look again.
 */
final class FreeSlots {
    /*
     * A stack is one word, its head, and a link for each slot. The head is a tag and the top slot plus one, 0 for none; each
     * push makes the next tag, so a head that was seen before comes back only when its stack was popped since and not pushed.
     *
     *   before           operation   after                     who then has the slot
     *   (tag, top)       pop         (tag, link of top)        the caller alone
     *   (tag, any)       push slot   (tag + 1, slot)           nobody; its link is what was on top
     *
     * ABA: a pop reads the link of the top slot, then exchanges the head. Were the slot popped and pushed again in between,
     * its link might be another one; but then the tag is, too, and the exchange fails.
     *
     * Emptiness: heads are looked at one after the other, so that all were seen empty says little: a slot may come back to one
     * that was looked at. But tags only grow. If a second look at all of them finds the same heads, none of them was pushed
     * between the two looks at it, so all were empty at one moment: when the first tour had ended and the second had not begun.
     * The sum of the heads is enough to tell, for each of its terms only grows: 2^64 divided by the unit of the tag pushes
     * during one call would be needed to come to the same sum again.
     */
    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(long[].class);

    /** Heads are so far apart, two cache lines, because processors fetch lines in pairs. */
    private static final int LONGS_APART = 16;

    /** Enough for threads with neighbouring ids to fall on different ones, where there are few processors. */
    private static final int STRIPES_PER_PROCESSOR = 4;

    private static final int MOST_STRIPES = 64;

    /** Fewer than two cache lines of words are not worth a stack. A power of two. */
    private static final int LEAST_SLOTS_PER_STRIPE = 16;

    /** 2^64 divided by the golden ratio: multiples of it spread evenly, those of neighbouring ids far apart. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long[] heads;
    private final int[] links;
    private final long topMask;
    private final int stripes;

    /** The stripe of a slot is its index, shifted by so many bits. */
    private final int stripeShift;

    FreeSlots(int capacity) {
        int wanted = Math.min(Runtime.getRuntime().availableProcessors() * STRIPES_PER_PROCESSOR, MOST_STRIPES);
        int each = Math.max((capacity - 1) / wanted + 1, LEAST_SLOTS_PER_STRIPE);
        stripeShift = bits(each - 1);
        stripes = ((capacity - 1) >>> stripeShift) + 1;
        topMask = (1L << bits(capacity)) - 1;
        heads = new long[(stripes + 1) * LONGS_APART];
        links = new int[capacity];
        for (int slot = capacity - 1; slot >= 0; slot--) {
            push(slot);
        }
    }

    /** How many bits it takes to write this number. */
    static int bits(int number) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(number);
    }

    /**
     * Takes a slot. Lock-free: one atomic read-modify-write, and one more whenever another thread was faster at the
     * same stack.
     *
     * @return the slot, or -1 if there was a moment during the call when no stack had one
     */
    int pop() {
        int home = home(Thread.currentThread().getId(), stripes);
        long before = -1; // not the sum of any heads in which only tags are left
        while (true) {
            long sum = 0;
            for (int i = 0, stripe = home; i < stripes; i++, stripe = stripe + 1 == stripes ? 0 : stripe + 1) {
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
                return -1;
            }
            before = sum;
        }
    }

    /** Gives a slot back. Lock-free: one atomic read-modify-write, and one more whenever another thread was faster. */
    void push(int slot) {
        int stripe = slot >>> stripeShift;
        long head;
        do {
            head = head(stripe);
            links[slot] = (int) (head & topMask);
        } while (!headCompareAndSet(stripe, head, ((head | topMask) + 1) | (slot + 1)));
    }

    /** Where a thread begins to look. Of neighbouring ids, most fall on different stripes. */
    static int home(long threadId, int stripes) {
        long hash = (threadId * GOLDEN) >>> 33;
        return (int) ((hash * stripes) >>> 31);
    }

    /**
     * Ordering: volatile. It pairs with the exchange of a push: the link of the slot on top is visible. And the looks
     * of one pop must not be reordered, for two that find the same prove what was between them.
     */
    private long head(int stripe) {
        return (long) HEAD.getVolatile(heads, (stripe + 1) * LONGS_APART);
    }

    /**
     * Transition: (tag, top) → (tag, link of top), by a pop; (tag, any) → (tag + 1, slot), by a push. Ordering:
     * volatile. Its release half publishes the link, and all that the last owner of the slot did; its acquire half
     * makes that visible to the next owner. Links are plain: one is written by the slot's only owner, and read in vain
     * by a pop whose exchange fails.
     */
    private boolean headCompareAndSet(int stripe, long seen, long next) {
        return HEAD.compareAndSet(heads, (stripe + 1) * LONGS_APART, seen, next);
    }
}
