package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The slots of a {@link ReplyTable}, and their transitions. */
final class ReplySlots<T> {
    /*
     * Each slot has a word. Its upper bits are the generation, which is never 0 while the slot can be used; its lower bits, as
     * many as an index needs and two at least, say the rest. OPEN is the slot's own index there: the word of an open slot is its
     * ticket.
     *
     *   word                                    meaning
     *   VACANT: generation, index ^ 1           the slot is free, or one thread has it: to fill it, or to empty it
     *   RESERVED: generation, index ^ 2         the slot waits for the next request of the sender that stands beside the word
     *   OPEN: generation, index: the ticket     the request is in flight; its sender stands beside the word
     *   CLOSED: 0, index ^ 1                    the slot is settled for good
     *
     *   transition, each a compare-and-set      by                            who may change the sender then
     *   VACANT g → OPEN g                       open, of a slot it popped     nobody, until the slot is vacant or closed
     *   RESERVED g → OPEN g                     open, of the sender there     nobody, as before
     *   OPEN g → RESERVED g + 1                 take, if it is at home here   nobody, as before
     *   OPEN g → VACANT g + 1                   take, of any other sender     this thread alone, until it has pushed the slot
     *   RESERVED g → VACANT g                   giveBack                      this thread alone, until it has pushed the slot
     *   OPEN g or RESERVED g → CLOSED           close                         this thread alone
     *   VACANT g → CLOSED                       close                         this thread, and whoever has the slot: both clear it
     *   CLOSED → CLOSED                         close, by whoever is late     nobody
     *
     * A slot comes to each of these words once, until the generations begin again; to CLOSED for good. Its sender changes only
     * while it is vacant or closed. So the sender that take reads between a look that sees the ticket and a compare-and-set that
     * still does is the one of that ticket, however long it takes; a loser has read one in vain. The same holds for open, which
     * looks whether the reserved slot is its own sender's.
     *
     * Home: a plain sender comes again round after round, and most of them ask the same table. So its slot stays reserved for it,
     * and a request costs one exchange to open and one to claim; the free list is not touched. When there is no other slot left,
     * slots are scarce: whoever finds out gathers those that are reserved, for the free list, and as long as they are scarce each
     * one that is claimed goes there, too. If many were reserved, for senders that ask no more or somewhere else, scarcity ends
     * with that. If few were, the table is as good as full, and to look at all slots again would be dear: then it lasts for good.
     *
     *   mode         meaning                                                  goes on to, by a compare-and-set
     *   even         slots stay reserved                                      odd, when the free list is empty
     *   odd          slots are scarce, and some thread is gathering           even or GATHERED, after a look at all slots
     *   GATHERED     slots are scarce, and none is reserved, for good
     *
     * Scarce against take: take reserves, then looks at the mode; whoever finds the list empty makes the mode odd, then looks at
     * all slots. Both are volatile, so a reserved slot is found by one of the two. The mode never comes back to what it was, so
     * whoever makes it GATHERED has looked at all slots while they were scarce; and a pop that came up empty after that is right:
     * there was a moment when each slot was in flight, or in the hands of a call.
     *
     * The claim expects the ticket itself, so any other number fails, and nothing has happened. NO_TICKET would be generation 0
     * of slot 0. It fails, too: generation 0 is CLOSED's alone, and beside that stands another index than the slot's own.
     *
     * open against close: both want to change the same word, so one of them fails. If open was first, close finds the request;
     * if close was, open throws. There is no flag beside the word that either could miss.
     */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final VarHandle MODE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "mode", VarHandle.class, ReplySlots.class, long.class);

    /** Odd: slots are scarce. More than any other mode. */
    private static final long GATHERED = Long.MAX_VALUE;

    /**
     * If more than one in so many was reserved, scarcity ends. So a slot that is given back costs so many looks at
     * most.
     */
    private static final int ONE_IN = 4;

    /** What tells the word of a vacant slot from its ticket. */
    private static final long VACANT = 1;

    /** What tells the word of a reserved slot from its ticket. */
    private static final long RESERVED = 2;

    private final long[] words;
    private final @Nullable Sender<T>[] senders;
    private final FreeSlots free;

    /** The unit of the generation; the bits below are for the index. */
    private final long generation;

    @SuppressWarnings("UnusedVariable") // accessed through MODE
    private long mode;

    @SuppressWarnings("unchecked") // nothing but senders of T gets in
    ReplySlots(int capacity) {
        generation = 1L << Math.max(FreeSlots.bits(capacity - 1), FreeSlots.bits((int) (VACANT | RESERVED)));
        words = new long[capacity];
        for (int slot = 0; slot < capacity; slot++) {
            words[slot] = closedWord(slot) + generation;
        }
        senders = (Sender<T>[]) new Sender<?>[capacity];
        free = new FreeSlots(capacity);
    }

    int capacity() {
        return words.length;
    }

    /** Returns the ticket, or {@link ReplyTable#NO_TICKET} if no slot was free at one moment during the call. */
    long open(Sender<T> sender) {
        if (!(sender instanceof Sender.Recycled<T> recycled)) {
            return openIn(findFree(), sender);
        }
        long ticket = openAtHome(recycled);
        if (ticket != ReplyTable.NO_TICKET) {
            return ticket;
        }
        int slot = findFree();
        if (!isScarce()) {
            recycled.home = slot;
        }
        return openIn(slot, recycled);
    }

    /** Opens the slot that is reserved for this sender. Returns {@link ReplyTable#NO_TICKET} if there is none. */
    private long openAtHome(Sender.Recycled<T> sender) {
        int slot = sender.home;
        if (slot < 0 || slot >= words.length) {
            return ReplyTable.NO_TICKET;
        }
        long reserved = wordAcquire(slot);
        long ticket = reserved ^ RESERVED;
        boolean opened = isOpen(slot, ticket) && senders[slot] == sender && wordCompareAndSet(slot, reserved, ticket);
        return opened ? ticket : ReplyTable.NO_TICKET;
    }

    private long openIn(int slot, Sender<T> sender) {
        if (slot < 0) {
            return ReplyTable.NO_TICKET;
        }
        senders[slot] = sender;
        long vacant = wordOpaque(slot);
        long ticket = vacant ^ VACANT;
        if (vacant == closedWord(slot) || !wordCompareAndSet(slot, vacant, ticket)) {
            senders[slot] = null;
            throw Errors.tableClosed();
        }
        return ticket;
    }

    /**
     * Takes a slot that nobody has; -1 if there was a moment during the call when there was none. Lock-free: for each
     * further attempt, others have opened many requests, or said first that slots are scarce.
     */
    private int findFree() {
        while (true) {
            long seen = modeVolatile();
            int slot = free.pop();
            if (slot >= 0 || seen == GATHERED) {
                return slot;
            }
            gather(seen);
        }
    }

    /** Looks at all slots, for those that are reserved, unless the mode is another one by now. */
    private void gather(long seen) {
        long scarce = seen | 1;
        if (seen != scarce && !modeCompareAndSet(seen, scarce)) {
            return;
        }
        int found = 0;
        for (int slot = 0; slot < words.length; slot++) {
            found += giveBack(slot) ? 1 : 0;
        }
        boolean many = found > words.length / ONE_IN;
        modeCompareAndSet(scarce, many ? scarce + 1 : GATHERED); // else another thread has gathered, and said so
    }

    private boolean isScarce() {
        return (modeVolatile() & 1) != 0;
    }

    /** Puts this slot on the free list if it is reserved. */
    private boolean giveBack(int slot) {
        long word = wordVolatile(slot);
        long ticket = word ^ RESERVED;
        if (!isOpen(slot, ticket) || !wordCompareAndSet(slot, word, ticket ^ VACANT)) {
            return false;
        }
        free(slot);
        return true;
    }

    private void free(int slot) {
        senders[slot] = null;
        free.push(slot);
    }

    /**
     * Claims what goes by this ticket. Returns the sender, its slot being free again; null if there is no such request.
     */
    @Nullable Sender<T> take(long ticket) {
        int slot = (int) (ticket & (generation - 1));
        if (slot >= words.length || wordAcquire(slot) != ticket) {
            return null;
        }
        Sender<T> sender = senders[slot];
        boolean stays = sender instanceof Sender.Recycled<T> recycled && recycled.home == slot && !isScarce();
        if (!wordCompareAndSet(slot, ticket, next(ticket) ^ (stays ? RESERVED : VACANT))) {
            return null;
        }
        if (!stays) {
            free(slot);
        } else if (isScarce()) {
            giveBack(slot);
        }
        return sender;
    }

    /** Claims what is in this slot now, if anything is, and nobody else was faster. */
    @Nullable Sender<T> takeFrom(int slot) {
        long word = wordVolatile(slot);
        return isOpen(slot, word) ? take(word) : null;
    }

    boolean isOpen(int slot) {
        return isOpen(slot, wordVolatile(slot));
    }

    /**
     * Settles this slot for good. Returns the sender if a request was in it. Lock-free: for each further attempt a
     * request was opened here or claimed, the slot given back, or settled by another thread.
     */
    @Nullable Sender<T> close(int slot) {
        long word;
        do {
            word = wordVolatile(slot);
        } while (!wordCompareAndSet(slot, word, closedWord(slot)));
        if (word == closedWord(slot)) {
            return null; // whoever was first may still be about to read the sender
        }
        Sender<T> sender = senders[slot];
        senders[slot] = null;
        return isOpen(slot, word) ? sender : null;
    }

    private boolean isOpen(int slot, long word) {
        return (word & (generation - 1)) == slot;
    }

    /** The word of this slot without a generation; it stands there when the slot is closed. */
    private static long closedWord(int slot) {
        return slot ^ VACANT;
    }

    /** The ticket of the next generation; after the last one comes the first. */
    private long next(long ticket) {
        long next = ticket + generation;
        return (next & -generation) == 0 ? next + generation : next;
    }

    /**
     * The look before a sender is read: by the claim, and by open at home. Ordering: acquire, pairs with
     * {@link #wordCompareAndSet}: the sender that the word stands for is visible.
     */
    private long wordAcquire(int slot) {
        return (long) WORD.getAcquire(words, slot);
    }

    /**
     * open's look at the slot that it has popped. Ordering: opaque. What the last owner wrote is visible by the pop;
     * close may have settled the slot since, and if this does not see that, the compare-and-set does.
     */
    private long wordOpaque(int slot) {
        return (long) WORD.getOpaque(words, slot);
    }

    /**
     * A look at any slot: by failAll, close, inFlight, giveBack. Ordering: volatile, pairs with
     * {@link #wordCompareAndSet}: a request that was opened before the call is found, and a slot that was reserved
     * before the mode was made odd.
     */
    private long wordVolatile(int slot) {
        return (long) WORD.getVolatile(words, slot);
    }

    /**
     * Transition: VACANT or RESERVED → OPEN, by open; OPEN → RESERVED or VACANT of the next generation, by the claim;
     * RESERVED → VACANT, by giveBack; each → CLOSED, by close. Ordering: volatile. open's release half publishes the
     * sender, and all that came before; the claim's and close's acquire half makes that visible to the winner. And a
     * claim's comes before its look at the mode.
     */
    private boolean wordCompareAndSet(int slot, long seen, long next) {
        return WORD.compareAndSet(words, slot, seen, next);
    }

    /**
     * The claim's look after its exchange, open's before its pop, and both whether there is a home. Ordering: volatile,
     * pairs with {@link #modeCompareAndSet}: the claim's is half of a Dekker pair, and a pop must not come before its
     * look.
     */
    long modeVolatile() {
        return (long) MODE.getVolatile(this);
    }

    /**
     * Transition: even → odd, before the looks at the slots; odd → even or GATHERED, after them. Ordering: volatile,
     * for both.
     */
    private boolean modeCompareAndSet(long seen, long next) {
        return MODE.compareAndSet(this, seen, next);
    }
}
