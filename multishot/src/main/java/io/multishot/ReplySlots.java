package io.multishot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The slots of a {@link ReplyTable} and their transitions. */
final class ReplySlots<T> {
    /*
     * Each slot is a word and a sender beside it. The upper bits of the word are the slot's generation, which is never
     * 0 while the slot can be used. The lower bits, as many as an index needs and at least two, are the state. The
     * state of an open slot is the slot's own index, so the word of an open slot is its ticket.
     *
     *   word                                    meaning
     *   VACANT: generation, index ^ 1           on the free list, or owned by a thread that fills or empties the slot
     *   RESERVED: generation, index ^ 2         waits for the next request of the sender beside the word
     *   OPEN: generation, index: the ticket     the request is in flight, and its sender stands beside the word
     *   CLOSED: 0, index ^ 1                    closed for good
     *
     *   transition, by a CAS            by                                 who may change the sender then
     *   VACANT g → OPEN g               open, of a slot it popped          nobody, until it is vacant or closed
     *   RESERVED g → OPEN g             open, of the sender there          nobody, as above
     *   OPEN g → RESERVED g + 1         claim, if the slot stays reserved  nobody, as above
     *   OPEN g → VACANT g + 1           claim, otherwise                   this thread, until it pushes the slot
     *   OPEN g → VACANT g + 1           reclaim, of a detached sender      this thread, until it pushes or opens it
     *   RESERVED g → VACANT g           giveBack                           this thread, until it pushes the slot
     *   OPEN g or RESERVED g → CLOSED   close                              this thread
     *   VACANT g → CLOSED               close                              this thread and the owner: both clear it
     *   CLOSED → CLOSED                 close, again                       nobody
     *
     * The sender is that of the ticket. A slot has each of these words once, until the generations start over, except
     * that CLOSED is final. Its sender changes only while it is vacant or closed. So if a load finds the ticket, and a
     * later compare-and-set still does, a sender that was read in between belongs to the ticket, however long the
     * thread stalled. If the compare-and-set fails, the sender is not used. The same holds for an open that reads for
     * which sender a slot is reserved.
     *
     * The check is the claim. The compare-and-set expects the ticket itself, so any other number fails and changes
     * nothing. NO_TICKET is no exception: it would be generation 0 of slot 0, but generation 0 is CLOSED, with another
     * index.
     *
     * open against close: both change the same word, so one of them fails. If open was first, close finds the request;
     * if close was first, open throws. There is no separate flag that either could miss.
     *
     * A request whose receiver gave the round up stays in its slot, because the receiver knows nothing of the table. So
     * an open that finds no free slot reclaims these, by a claim that asks between the load of the ticket and the
     * compare-and-set whether the sender is detached. The answer belongs to the ticket if the compare-and-set succeeds,
     * and it is final. Being consumed would be no reason: the holder of such a request is to hear of its mistake. An
     * open that has reclaimed nothing pops once more before it says that the table is full. For another call may have
     * reclaimed a slot before this one passed it, while a third one freed a slot behind the first pop; then there was
     * no moment without either. After the walk, no request is left that was given up before the call, so the moment at
     * which the second pop found nothing is a moment at which the table was full.
     *
     * A sender is marked as in flight before the compare-and-set that opens it, by its holder, and the mark goes with
     * the compare-and-set that claims it, before the winner uses the sender. So open refuses a sender that is in a
     * table, this one or another, by a plain load; and a receiver does not recycle such a sender. So the sender beside
     * an open slot never belongs to a later round than the ticket. (Two opens of one sender that overlap are a data
     * race on the mark, and may both succeed.)
     *
     * Which slots stay reserved, and when a table is full, is the business of SlotAffinity, and argued there.
     */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    /** The difference between the word of a vacant slot and its ticket. */
    private static final long VACANT = 1;

    /** The difference between the word of a reserved slot and its ticket. */
    private static final long RESERVED = 2;

    private static final int NO_SLOT = -1;

    private static final int LARGEST_SAMPLE = 64;

    private final long[] words;
    private final @Nullable Sender<T>[] senders;
    private final SlotAffinity affinity;
    private final FreeList free;

    /** How many of a word's bits are below the generation. */
    private final int generationShift;

    /** What one generation adds to a word. */
    private final long generationUnit;

    /** The binary logarithm of the size of a sample. */
    private final int sampleBits;

    @SuppressWarnings("unchecked") // nothing but senders of T gets in
    ReplySlots(int capacity) {
        generationShift = Math.max(FreeList.bits(capacity - 1), FreeList.bits((int) (VACANT | RESERVED)));
        generationUnit = 1L << generationShift;
        sampleBits = FreeList.bits(Math.min(capacity, LARGEST_SAMPLE)) - 1;
        words = new long[capacity];
        for (int slot = 0; slot < capacity; slot++) {
            words[slot] = closedWord(slot) + generationUnit;
        }
        senders = (Sender<T>[]) new Sender<?>[capacity];
        affinity = new SlotAffinity();
        free = new FreeList(capacity);
    }

    int capacity() {
        return words.length;
    }

    /**
     * Returns the ticket, or {@link ReplyTable#NO_TICKET} if there was a moment during the call when no slot was free.
     * Throws before anything has changed if the sender is consumed, detached or in flight.
     */
    long open(Sender<T> sender) {
        if (!sender.isWanted()) {
            throw Errors.detached();
        }
        if (sender.isInFlight()) {
            throw Errors.inFlight();
        }
        int reserved = SlotAffinity.slotOf(sender);
        if (reserved >= 0) {
            long ticket = openReserved(reserved, sender);
            if (ticket != ReplyTable.NO_TICKET) {
                return ticket;
            }
        }
        int slot = findFree();
        if (slot == NO_SLOT) {
            return ReplyTable.NO_TICKET;
        }
        affinity.attach(sender, slot);
        return openVacant(slot, sender);
    }

    /** Opens this slot if it is reserved for this sender. Returns {@link ReplyTable#NO_TICKET} if it is not. */
    private long openReserved(int slot, Sender<T> sender) {
        if (slot >= words.length) {
            return ReplyTable.NO_TICKET;
        }
        long reserved = wordAcquire(slot);
        long ticket = reserved ^ RESERVED;
        if (!isOpen(slot, ticket) || senders[slot] != sender) {
            return ReplyTable.NO_TICKET;
        }
        sender.markInFlight();
        if (!wordCompareAndSet(slot, reserved, ticket)) {
            sender.clearInFlight();
            return ReplyTable.NO_TICKET;
        }
        return ticket;
    }

    /** Opens this slot, which the caller has popped. */
    private long openVacant(int slot, Sender<T> sender) {
        senders[slot] = sender;
        sender.markInFlight();
        long vacant = wordOpaque(slot);
        long ticket = vacant ^ VACANT;
        if (vacant == closedWord(slot) || !wordCompareAndSet(slot, vacant, ticket)) {
            senders[slot] = null;
            sender.clearInFlight();
            throw Errors.tableClosed();
        }
        return ticket;
    }

    /**
     * Pops a slot, or reclaims one. Lock-free. Returns {@link #NO_SLOT} if there was a moment during the call when no
     * slot was free.
     */
    private int findFree() {
        boolean walked = false;
        while (true) {
            long mode = affinity.modeVolatile();
            boolean gathered = SlotAffinity.isGathered(mode);
            int slot = free.pop();
            if (slot != NO_SLOT) {
                if (gathered) {
                    resumeAffinityIfMostAreVacant(mode, slot);
                }
                return slot;
            }
            if (!gathered) {
                gather(mode);
            } else if (affinity.hasStayed(mode)) {
                if (walked) {
                    return NO_SLOT;
                }
                slot = reclaim();
                if (slot != NO_SLOT) {
                    return slot;
                }
                walked = true;
            }
        }
    }

    /**
     * Frees the slots whose senders are detached, but for one that the caller gets, as if it had popped it. Visits each
     * slot once. Returns {@link #NO_SLOT} if it has found none.
     */
    private int reclaim() {
        int mine = NO_SLOT;
        for (int slot = 0; slot < words.length; slot++) {
            if (!reclaim(slot)) {
                continue;
            }
            if (mine == NO_SLOT) {
                mine = slot;
            } else {
                free(slot);
            }
        }
        return mine;
    }

    /** Takes this slot from a request whose sender is detached. Returns false if there is none in it. */
    private boolean reclaim(int slot) {
        long ticket = wordVolatile(slot);
        if (!isOpen(slot, ticket)) {
            return false;
        }
        Sender<T> sender = senders[slot];
        return sender != null && sender.isDetached() && wordCompareAndSet(slot, ticket, next(ticket) ^ VACANT);
    }

    /** Moves the reserved slots to the free list, unless the mode has changed. */
    private void gather(long mode) {
        if (!affinity.suspend(mode)) {
            return;
        }
        int gathered = 0;
        for (int slot = 0; slot < words.length; slot++) {
            gathered += giveBack(slot) ? 1 : 0;
        }
        affinity.endGathering(mode, gathered, words.length);
    }

    /**
     * Takes a sample of the slots, if the turn of this one has come. A sample has as many slots as generations pass
     * between two turns, so sampling takes one load a request, and writes nothing. It is spread over the whole table,
     * because vacant slots come in clusters, and begins at another slot each time.
     */
    private void resumeAffinityIfMostAreVacant(long mode, int popped) {
        long count = wordOpaque(popped) >>> generationShift;
        int size = 1 << sampleBits;
        if ((count & (size - 1)) != 0) {
            return;
        }
        int start = (int) ((popped + (count >>> sampleBits)) % words.length);
        int vacant = 0;
        for (int i = 0; i < size; i++) {
            long slot = start + (((long) i * words.length) >>> sampleBits);
            vacant += isVacant((int) (slot < words.length ? slot : slot - words.length)) ? 1 : 0;
        }
        if (vacant > size / 2) {
            affinity.resume(mode);
        }
    }

    private boolean isVacant(int slot) {
        return isOpen(slot, wordOpaque(slot) ^ VACANT);
    }

    /** Moves this slot to the free list if it is reserved. */
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

    /** Returns whether there is a request with this ticket at this moment. */
    boolean isInFlight(long ticket) {
        int slot = slotOf(ticket);
        return slot < words.length && wordAcquire(slot) == ticket;
    }

    /**
     * Claims the request with this ticket and frees its slot. Returns its sender, or null if there is no such request.
     */
    @Nullable Sender<T> claim(long ticket) {
        if (!isInFlight(ticket)) {
            return null;
        }
        int slot = slotOf(ticket);
        Sender<T> sender = senders[slot];
        if (sender != null && Sender.takesStackRoom(sender.slotAcquire())) {
            StackRoom.ensure(StackRoom.TO_USE_SENDER); // which comes next: what is claimed must be used
        }
        boolean stays = SlotAffinity.slotOf(sender) == slot && affinity.isAffine();
        if (sender == null || !wordCompareAndSet(slot, ticket, next(ticket) ^ (stays ? RESERVED : VACANT))) {
            return null;
        }
        sender.clearInFlight();
        if (!stays) {
            free(slot);
        } else if (!affinity.isAffine()) {
            giveBack(slot);
        }
        return sender;
    }

    /** Claims the request that is in this slot now. Returns null if there is none, or another thread was faster. */
    @Nullable Sender<T> claimFrom(int slot) {
        long word = wordVolatile(slot);
        return isOpen(slot, word) ? claim(word) : null;
    }

    boolean isOpen(int slot) {
        return isOpen(slot, wordVolatile(slot));
    }

    /**
     * Closes this slot for good. Returns the sender of the request in it, or null if there was none. Lock-free: for
     * each further attempt, another thread has changed the word.
     */
    @Nullable Sender<T> close(int slot) {
        long word;
        do {
            word = wordVolatile(slot);
        } while (!wordCompareAndSet(slot, word, closedWord(slot)));
        if (word == closedWord(slot)) {
            return null; // the thread that closed the slot first may be about to read the sender
        }
        Sender<T> sender = senders[slot];
        senders[slot] = null;
        if (sender == null || !isOpen(slot, word)) {
            return null;
        }
        sender.clearInFlight();
        return sender;
    }

    private int slotOf(long ticket) {
        return (int) (ticket & (generationUnit - 1));
    }

    private boolean isOpen(int slot, long word) {
        return slotOf(word) == slot;
    }

    /** Returns the word of this slot when it is closed: that of a vacant slot, in generation 0. */
    private static long closedWord(int slot) {
        return slot ^ VACANT;
    }

    /** Returns the ticket of the next generation; the first one follows the last one. */
    private long next(long ticket) {
        long next = ticket + generationUnit;
        return (next & -generationUnit) == 0 ? next + generationUnit : next;
    }

    /**
     * Loads the word before the sender is read: by a claim, and by an open of a reserved slot. Ordering: acquire, pairs
     * with {@link #wordCompareAndSet}: the sender that belongs to the word is visible.
     */
    private long wordAcquire(int slot) {
        return (long) WORD.getAcquire(words, slot);
    }

    /**
     * Loads the word of a slot that open has popped or reclaimed, or that a sample counts. Ordering: opaque. The pop
     * has made visible what the last owner wrote; after a reclaim that is this thread. If close has written since and
     * this load misses it, the compare-and-set fails. A sample may be wrong.
     */
    private long wordOpaque(int slot) {
        return (long) WORD.getOpaque(words, slot);
    }

    /**
     * Loads the word of any slot: by failAll, close, inFlight, giveBack and reclaim. Ordering: volatile, pairs with
     * {@link #wordCompareAndSet}: a request that was opened before the call is found, with its sender, and a slot that
     * was reserved before the mode was GATHERING.
     */
    private long wordVolatile(int slot) {
        return (long) WORD.getVolatile(words, slot);
    }

    /**
     * Transition: VACANT or RESERVED → OPEN, by open; OPEN → RESERVED or VACANT of the next generation, by claim or
     * reclaim; RESERVED → VACANT, by giveBack; any → CLOSED, by close. Ordering: volatile. The release half of open
     * publishes the sender and everything before it; the acquire half of claim and close makes that visible to the
     * winner. And it comes before the claim's load of the mode.
     */
    private boolean wordCompareAndSet(int slot, long seen, long next) {
        return WORD.compareAndSet(words, slot, seen, next);
    }
}
