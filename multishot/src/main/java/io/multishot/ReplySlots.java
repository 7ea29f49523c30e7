package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The slots of a {@link ReplyTable} and their transitions. */
final class ReplySlots<T> implements Deadlines.Requests<T> {
    /*
     * Each slot is a word, and beside it a sender and the details of the request: its context, its deadline, and when
     * it was opened. The upper bits of the word are the slot's generation, which is never 0 while the slot can be used.
     * The lower bits, as many as an index needs and at least two, are the state. The state of an open slot is the
     * slot's own index, so the lower bits of that word are its ticket: all 64, or as many as the wire has room for.
     *
     *   word                                meaning
     *   VACANT: generation, index ^ 1       on the free list, or owned by a thread that fills or empties the slot
     *   RESERVED: generation, index ^ 2     waits for the next request of the sender beside the word
     *   OPEN: generation, index             the request is in flight, and its sender stands beside the word
     *   ORPHAN: generation, index ^ 3       the request was given up, and its ticket waits for the late reply
     *   CLOSED: 0, index ^ 1                closed for good
     *
     *   transition, by a CAS            by                                 who may change what is beside it then
     *   VACANT g → OPEN g               open, of a slot it popped          nobody, until it is vacant or closed
     *   RESERVED g → OPEN g             open, of the sender there          nobody, as above
     *   RESERVED g → VACANT g           open, of a request with details    this thread, until it opens the slot
     *   OPEN g → RESERVED g + 1         claim, if the slot stays reserved  nobody, as above
     *   OPEN g → VACANT g + 1           claim, otherwise                   this thread, until it pushes the slot
     *   OPEN g → VACANT g + 1           reclaim, of a detached sender      this thread, until it pushes or opens it
     *   OPEN g → ORPHAN g               giveUp and reclaim, in quarantine  nobody, as above
     *   ORPHAN g → VACANT g + 1         release                            this thread, until it pushes the slot
     *   RESERVED g → VACANT g           giveBack                           this thread, until it pushes the slot
     *   VACANT g → CLOSED               close                              this thread and the owner: both clear it
     *   any other → CLOSED              close                              this thread
     *   CLOSED → CLOSED                 close, again                       nobody
     *
     * The sender is that of the word. A slot has each of these words once, until the generations start over, except
     * that CLOSED is final. What is beside it changes only while it is vacant or closed. So if a load finds an open
     * word, and a later compare-and-set still does, a sender that was read in between belongs to the request, however
     * long the thread stalled. If the compare-and-set fails, the sender is not used. The same holds for the details,
     * and for an open that reads for which sender a slot is reserved.
     *
     * The check is the claim. The compare-and-set expects the word whose bits are the ticket, so any other number fails
     * and changes nothing. NO_TICKET is no exception. With 64 bits it would be generation 0 of slot 0, but generation 0
     * is CLOSED, with another index. With fewer bits, slot 0 stays closed, or the caller chooses the ticket, but not 0.
     *
     * Quarantine. With few bits, tickets recur, although words do not: a ticket is the lower bits of a word. A request
     * that is given up may still be answered, and its ticket must not belong to another request by then. So its slot
     * stays out of use, as an orphan, until that reply has come.
     *
     * Chosen tickets. A ticket that the caller chooses names its slot, so these tables have no free list. A slot of
     * theirs that is VACANT may be taken by anyone, and RESERVED, for which they have no other use, means that a thread
     * owns it: VACANT g → RESERVED h → OPEN h by openAs, where h is the next generation whose word has the ticket, and
     * OPEN or ORPHAN g → RESERVED g + 1 → VACANT g + 1 by a claim or a release.
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
     * The end of the stack. Between the pop of a slot and the compare-and-set that opens it, an open without details
     * makes sure of no room, because that would take as long as all the rest. If the stack ends there, the slot is
     * pushed back. The push may need a larger frame than the pop did, if less of it is compiled. Then the slot becomes
     * the stray one of the free list, by a store that calls nothing.
     *
     * Which slots stay reserved, and when a table is full, is the business of SlotAffinity, and argued there.
     */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final VarHandle CONTEXTS = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "contexts", VarHandle.class, ReplySlots.class, Object[].class);

    /** The difference between the word of a vacant slot and that of the same slot when it is open. */
    private static final long VACANT = 1;

    /** The same for a reserved slot. */
    private static final long RESERVED = 2;

    /** The same for an orphan. */
    private static final long ORPHAN = 3;

    /** Not the word of an open slot: that has a generation. */
    private static final long NO_WORD = 0;

    private static final int NO_SLOT = -1;

    private static final int LARGEST_SAMPLE = 64;

    private final long[] words;
    private final @Nullable Sender<T>[] senders;
    private final SlotAffinity affinity;

    /** Null if the caller chooses the tickets. */
    private final @Nullable FreeList free;

    /** The lowest slot that is used. */
    private final int first;

    /** The bits of an open word that are its ticket. */
    private final long ticketMask;

    /** Whether the tickets of requests that were given up wait for their replies. */
    private final boolean quarantine;

    /** The state of a slot that a thread owns. */
    private final long owned;

    /** When each request was opened, if there is a quarantine. */
    private final long[] openedAt;

    /** The contexts, from the first request on that has one. */
    private volatile @Nullable Object @Nullable [] contexts;

    /** Why the table was closed, if that was said. Stored before the table is marked as closed, and its words are. */
    volatile @Nullable Throwable closeCause;

    final Deadlines deadlines;
    final RoomWakers room = new RoomWakers();

    /** How many of a word's bits are below the generation. */
    private final int generationShift;

    /** What one generation adds to a word. */
    private final long generationUnit;

    /** The binary logarithm of the size of a sample. */
    private final int sampleBits;

    /** Makes the slots of a table whose tickets have 64 bits. */
    ReplySlots(int capacity) {
        this(capacity, 0, Long.SIZE, false);
    }

    /**
     * Makes the slots of a table whose tickets have so many bits.
     *
     * @param size how many slots, a power of two if the caller chooses the tickets
     * @param first how many of them, the lowest, are out of use
     */
    @SuppressWarnings("unchecked") // nothing but senders of T gets in
    ReplySlots(int size, int first, int bits, boolean chosen) {
        this.first = first;
        generationShift = Math.max(FreeList.bits(size - 1), FreeList.bits((int) (VACANT | RESERVED)));
        generationUnit = 1L << generationShift;
        ticketMask = -1L >>> -bits;
        quarantine = bits < Long.SIZE;
        owned = chosen ? RESERVED : VACANT;
        sampleBits = FreeList.bits(Math.min(size, LARGEST_SAMPLE)) - 1;
        words = new long[size];
        for (int slot = 0; slot < size; slot++) {
            words[slot] = slot < first ? closedWord(slot) : closedWord(slot) + generationUnit;
        }
        senders = (Sender<T>[]) new Sender<?>[size];
        openedAt = new long[quarantine ? size : 0];
        deadlines = new Deadlines(size);
        affinity = new SlotAffinity();
        free = chosen ? null : new FreeList(first, size);
    }

    int size() {
        return words.length;
    }

    int capacity() {
        return words.length - first;
    }

    long highestTicket() {
        return ticketMask;
    }

    boolean isQuarantined() {
        return quarantine;
    }

    boolean isChosen() {
        return free == null;
    }

    /**
     * Returns the ticket, or {@link ReplyTable#NO_TICKET} if there was a moment during the call when no slot was free.
     * Throws before anything has changed if the sender is consumed, detached or in flight.
     */
    long open(Sender<T> sender, @Nullable Object context, long deadline) {
        sender.requireFitForFlight();
        if (context != null || deadline != Deadlines.NONE) {
            StackRoom.ensure(StackRoom.TO_OPEN); // without details, a step is taken back if the stack ends after it
        }
        makeRoomForDetails(context, deadline);
        FreeList free = Objects.requireNonNull(this.free);
        int slot = NO_SLOT;
        try {
            int reserved = SlotAffinity.slotOf(sender);
            if (reserved >= 0) {
                long ticket = openReserved(reserved, sender, context, deadline);
                if (ticket != ReplyTable.NO_TICKET) {
                    return ticket;
                }
            }
            slot = findFree();
            if (slot == NO_SLOT) {
                return ReplyTable.NO_TICKET;
            }
            affinity.attach(sender, slot);
            return openOwned(slot, sender, context, deadline);
        } catch (StackOverflowError shortOfStack) {
            try {
                undoOpen(slot, sender);
            } catch (StackOverflowError noRoomForThePush) { // so from here on this calls no method
                if (deadline == Deadlines.NONE) { // with one, the request might be in flight
                    sender.tableState &= Integer.MAX_VALUE;
                    if (slot != NO_SLOT) {
                        senders[slot] = null;
                        free.stray = slot;
                    }
                }
            }
            throw shortOfStack;
        }
    }

    /** Undoes an open that the end of the stack has stopped, unless the request is in flight. */
    private void undoOpen(int slot, Sender<T> sender) {
        if (slot == NO_SLOT) {
            sender.clearInFlight();
        } else if (isVacant(slot)) {
            sender.clearInFlight();
            empty(slot);
            Objects.requireNonNull(free).push(slot);
        }
    }

    /**
     * Opens this slot if it is reserved for this sender. Returns {@link ReplyTable#NO_TICKET} if it is not. A request
     * without details calls no method after its compare-and-set, because the stack may end there.
     */
    private long openReserved(int slot, Sender<T> sender, @Nullable Object context, long deadline) {
        if (slot >= words.length) {
            return ReplyTable.NO_TICKET;
        }
        long reserved = wordAcquire(slot);
        long open = reserved ^ RESERVED;
        if (!isOpen(slot, open) || senders[slot] != sender) {
            return ReplyTable.NO_TICKET;
        }
        if (hasDetails(slot, context, deadline)) {
            if (context == null && deadline == Deadlines.NONE) {
                StackRoom.ensure(StackRoom.TO_OPEN); // with details of its own, open has done that
            }
            return wordCompareAndSet(slot, reserved, open ^ VACANT)
                    ? openOwned(slot, sender, context, deadline)
                    : ReplyTable.NO_TICKET;
        }
        sender.markInFlight();
        if (!wordCompareAndSet(slot, reserved, open)) {
            sender.clearInFlight();
            return ReplyTable.NO_TICKET;
        }
        return open & ticketMask;
    }

    /**
     * Opens this slot, which the caller owns. Without a deadline this calls no method after the compare-and-set,
     * because the stack may end there.
     */
    private long openOwned(int slot, Sender<T> sender, @Nullable Object context, long deadline) {
        senders[slot] = sender;
        setDetails(slot, context, deadline);
        sender.markInFlight();
        long word = wordOpaque(slot);
        long open = word ^ owned;
        if (word == closedWord(slot) || !wordCompareAndSet(slot, word, open)) {
            empty(slot);
            sender.clearInFlight();
            throw Errors.tableClosed(closeCause);
        }
        if (deadline != Deadlines.NONE) {
            deadlines.include(deadline);
        }
        return open & ticketMask;
    }

    /**
     * Opens the slot of this ticket. Returns false if it is not vacant, or another thread was faster. Throws before
     * anything has changed if the sender is consumed, detached or in flight.
     */
    boolean openAs(long ticket, Sender<T> sender, @Nullable Object context, long deadline) {
        sender.requireFitForFlight();
        StackRoom.ensure(StackRoom.TO_OPEN);
        makeRoomForDetails(context, deadline);
        int slot = slotOf(ticket);
        long vacant = wordAcquire(slot);
        if (vacant == closedWord(slot)) {
            throw Errors.tableClosed(closeCause);
        }
        long open = nextWith(ticket, vacant ^ VACANT);
        if (!isOpen(slot, vacant ^ VACANT) || !wordCompareAndSet(slot, vacant, open ^ owned)) {
            return false;
        }
        openOwned(slot, sender, context, deadline);
        return true;
    }

    /** Returns the first open word, from this one on, that has this ticket. */
    private long nextWith(long ticket, long open) {
        long next = (open & ~ticketMask) | ticket;
        return next - open >= 0 ? next : next + ticketMask + 1;
    }

    // ------------------------------------------------------------------ the details beside a slot

    /** Allocates what the details need, before anything has changed. */
    private void makeRoomForDetails(@Nullable Object context, long deadline) {
        if (context != null && contexts == null) {
            CONTEXTS.compareAndSet(this, null, new Object[words.length]);
        }
        deadlines.makeRoomFor(deadline);
    }

    /** Returns whether a request with these details must own the slot before it can open it. */
    private boolean hasDetails(int slot, @Nullable Object context, long deadline) {
        @Nullable Object[] all = contexts;
        return quarantine
                || context != null
                || (all != null && all[slot] != null)
                || deadline != Deadlines.NONE
                || deadlines.of(slot) != Deadlines.NONE;
    }

    private void setDetails(int slot, @Nullable Object context, long deadline) {
        @Nullable Object[] all = contexts;
        if (all != null) {
            VarHandle.storeStoreFence(); // a thread that reads this context finds that the last word is gone
            all[slot] = context;
        }
        deadlines.set(slot, deadline);
        if (quarantine) {
            openedAt[slot] = System.nanoTime();
        }
    }

    /**
     * Returns the context of the request with this ticket; null if it has none, or there is no such request. A word
     * never recurs, so if it is the same after the context was read, the context belongs to it. The fence pairs with
     * that of {@link #setDetails}.
     */
    @Nullable Object context(long ticket) {
        @Nullable Object[] all = contexts;
        long word = find(ticket);
        if (all == null || word == NO_WORD) {
            return null;
        }
        Object context = all[slotOf(ticket)];
        VarHandle.acquireFence(); // the context was read before the word is loaded again
        return wordOpaque(slotOf(ticket)) == word ? context : null;
    }

    // ------------------------------------------------------------------ find a free slot

    /**
     * Pops a slot, or reclaims one. Lock-free. Returns {@link #NO_SLOT} if there was a moment during the call when no
     * slot was free.
     */
    private int findFree() {
        FreeList free = Objects.requireNonNull(this.free);
        boolean walked = false;
        while (true) {
            long mode = affinity.modeVolatile();
            boolean gathered = SlotAffinity.isGathered(mode);
            if (gathered) {
                StackRoom.ensure(StackRoom.TO_OPEN); // so that no slot is lost while a sample is taken
            }
            int slot = free.pop();
            if (slot != NO_SLOT) {
                if (gathered) {
                    resumeAffinityIfMostAreVacant(mode, slot);
                }
                return slot;
            }
            StackRoom.ensure(StackRoom.TO_OPEN); // so that no slot is lost between two steps of a walk
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

    /** Returns whether there was a free slot at some moment during this call. */
    boolean hasRoom() {
        if (free == null) {
            for (int slot = first; slot < words.length; slot++) {
                if (isOpen(slot, wordVolatile(slot) ^ VACANT)) {
                    return true;
                }
            }
            return false;
        }
        StackRoom.ensure(StackRoom.TO_OPEN);
        int slot = findFree();
        if (slot == NO_SLOT) {
            return false;
        }
        free(slot);
        return true;
    }

    /**
     * Frees the slots whose senders are detached, but for one that the caller gets, as if it had popped it. Visits each
     * slot once. Returns {@link #NO_SLOT} if it has found none.
     */
    private int reclaim() {
        StackRoom.ensureToWake(room);
        int mine = NO_SLOT;
        boolean freed = false;
        for (int slot = 0; slot < words.length; slot++) {
            if (!reclaim(slot)) {
                continue;
            }
            if (mine == NO_SLOT) {
                mine = slot;
            } else {
                free(slot);
                freed = true;
            }
        }
        if (freed) {
            room.wakeAll(); // a requester may have found the table full while the slots were in these hands
        }
        return mine;
    }

    /**
     * Takes this slot from a request whose sender is detached. Returns false if there is none in it, or its ticket is
     * an orphan from now on.
     */
    private boolean reclaim(int slot) {
        long word = wordVolatile(slot);
        if (!isOpen(slot, word) || !isDetached(slot)) {
            return false;
        }
        if (quarantine) {
            wordCompareAndSet(slot, word, word ^ ORPHAN); // unless its reply has come meanwhile
            return false;
        }
        return wordCompareAndSet(slot, word, next(word) ^ VACANT);
    }

    /** Returns whether the sender beside this open slot is detached. If the word is the same later, it was this one. */
    private boolean isDetached(int slot) {
        Sender<T> sender = senders[slot];
        return sender != null && sender.isDetached();
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

    /** Frees this slot, which the caller owns. */
    private void free(int slot) {
        empty(slot);
        if (free != null) {
            free.push(slot);
        } else {
            long word = wordOpaque(slot);
            if (word != closedWord(slot)) {
                wordCompareAndSet(slot, word, word ^ owned ^ VACANT);
            }
        }
    }

    /** Lets go of what is beside the slot, which the caller owns. */
    private void empty(int slot) {
        senders[slot] = null;
        @Nullable Object[] all = contexts;
        if (all != null) {
            all[slot] = null;
        }
    }

    // ------------------------------------------------------------------ claim and give up

    /** Returns the word of the request with this ticket, or {@link #NO_WORD} if there is none at this moment. */
    private long find(long ticket) {
        int slot = slotOf(ticket);
        if (slot >= words.length) {
            return NO_WORD;
        }
        long word = wordAcquire(slot);
        return ticketOf(word) == ticket ? word : NO_WORD;
    }

    /** Returns whether there is a request with this ticket at this moment. */
    boolean isInFlight(long ticket) {
        return find(ticket) != NO_WORD;
    }

    /**
     * Claims the request with this ticket and frees its slot. Returns its sender, or null if there is no such request.
     * If the request was given up, its ticket can be given out again from now on.
     */
    @Nullable Sender<T> claim(long ticket) {
        long word = find(ticket);
        if (word == NO_WORD) {
            release(ticket);
            return null;
        }
        return claim(word, false);
    }

    /**
     * Claims the request with this ticket, to which no reply has come. Returns its sender, or null as {@link #claim}.
     */
    @Nullable Sender<T> giveUp(long ticket) {
        long word = find(ticket);
        return word == NO_WORD ? null : claim(word, quarantine);
    }

    /**
     * Claims the request with this word. Returns null if it is claimed already. If it was given up at this moment, and
     * its reply has come or will not come, frees its ticket: no other call would.
     */
    private @Nullable Sender<T> claim(long word, boolean orphaned) {
        int slot = slotOf(word);
        Sender<T> sender = senders[slot];
        StackRoom.ensureToUse(sender);
        boolean stays = !orphaned && free != null && SlotAffinity.slotOf(sender) == slot && affinity.isAffine();
        long next = orphaned ? word ^ ORPHAN : next(word) ^ (stays ? RESERVED : owned);
        if (sender == null || !wordCompareAndSet(slot, word, next)) {
            if (quarantine && !orphaned) {
                release(slot, word ^ ORPHAN);
            }
            return null;
        }
        sender.clearInFlight();
        if (orphaned) {
            return sender;
        }
        if (!stays) {
            free(slot);
        } else if (!affinity.isAffine()) {
            giveBack(slot);
        }
        return sender;
    }

    /**
     * Claims the request that is in this slot now, whose reply will not come, and frees the slot. Returns null if there
     * is none, or another thread was faster.
     */
    @Nullable Sender<T> claimFrom(int slot) {
        long word = wordVolatile(slot);
        if (isOpen(slot, word)) {
            return claim(word, false);
        }
        release(slot, word);
        return null;
    }

    /** Loads no field in the loop, that would cost half as much again. Ordering: as {@link #wordVolatile}. */
    @Override
    public long earliest(long[] times, int from, int to, long now) {
        long[] words = this.words;
        long indexMask = generationUnit - 1;
        long earliest = Deadlines.NONE;
        long least = Long.MAX_VALUE;
        for (int slot = from; slot < to; slot++) {
            boolean isOpen = ((long) WORD.getVolatile(words, slot) & indexMask) == slot;
            long time = times[slot];
            long order = Deadlines.order(time, now);
            if (isOpen && order <= least && time != Deadlines.NONE) {
                earliest = time;
                least = order;
            }
        }
        return earliest;
    }

    @Override
    public @Nullable Sender<T> claimLate(int slot, long now) {
        long word = wordVolatile(slot);
        return isOpen(slot, word) && Deadlines.hasPassed(deadlines.of(slot), now) ? claim(word, quarantine) : null;
    }

    /** Frees the slot of this ticket if it is an orphan, because its reply has come. */
    void release(long ticket) {
        int slot = slotOf(ticket);
        if (!quarantine || slot >= words.length) {
            return;
        }
        long word = wordAcquire(slot);
        if (ticketOf(word ^ ORPHAN) == ticket) {
            release(slot, word);
        }
    }

    /** Frees this slot if this is its word, and that of an orphan. Returns whether it did. */
    private boolean release(int slot, long word) {
        if (!isOpen(slot, word ^ ORPHAN) || !wordCompareAndSet(slot, word, next(word ^ ORPHAN) ^ owned)) {
            return false;
        }
        free(slot);
        room.wakeAll();
        return true;
    }

    /** Frees this slot if it is an orphan that was opened before this time. Returns whether it did. */
    boolean releaseOpenedBefore(int slot, long time) {
        if (!quarantine) {
            return false;
        }
        reclaim(slot);
        long word = wordVolatile(slot);
        return isOpen(slot, word ^ ORPHAN) && openedAt[slot] - time < 0 && release(slot, word);
    }

    /** Returns whether the request in this slot is in flight. */
    boolean isOpen(int slot) {
        return isOpen(slot, wordVolatile(slot)) && !(quarantine && isDetached(slot));
    }

    /** Returns whether the request in this slot was given up, and its ticket waits for the reply. */
    boolean isOrphan(int slot) {
        long word = wordVolatile(slot);
        return isOpen(slot, word ^ ORPHAN) || (quarantine && isOpen(slot, word) && isDetached(slot));
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
        empty(slot);
        if (sender == null || !isOpen(slot, word)) {
            return null;
        }
        sender.clearInFlight();
        return sender;
    }

    /** Returns the slot of this ticket, or of this open word. */
    private int slotOf(long ticket) {
        return (int) (ticket & (generationUnit - 1));
    }

    private long ticketOf(long open) {
        return open & ticketMask;
    }

    private boolean isOpen(int slot, long word) {
        return slotOf(word) == slot;
    }

    /** Returns the word of this slot when it is closed: that of a vacant slot, in generation 0. */
    private static long closedWord(int slot) {
        return slot ^ VACANT;
    }

    /** Returns the open word of the next generation; the first one follows the last one. */
    private long next(long open) {
        long next = open + generationUnit;
        return (next & -generationUnit) == 0 ? next + generationUnit : next;
    }

    /**
     * Loads the word before the sender is read: by a claim, and by an open of a reserved or a chosen slot. Also by the
     * reply that frees an orphan. Ordering: acquire, pairs with {@link #wordCompareAndSet}: the sender that belongs to
     * the word is visible.
     */
    private long wordAcquire(int slot) {
        return (long) WORD.getAcquire(words, slot);
    }

    /**
     * Loads the word of a slot that this thread owns, or that a sample counts, or once more after the context was read.
     * Ordering: opaque. The pop has made visible what the last owner wrote; after a reclaim that is this thread. If
     * close has written since and this load misses it, the compare-and-set fails. A sample may be wrong. After the
     * context, a fence comes first.
     */
    private long wordOpaque(int slot) {
        return (long) WORD.getOpaque(words, slot);
    }

    /**
     * Loads the word of any slot: by all that walk over the slots, and by those that give back, reclaim or release one.
     * Ordering: volatile, pairs with {@link #wordCompareAndSet}: a request that was opened before the call is found,
     * with its sender, and a slot that was reserved before the mode was GATHERING.
     */
    private long wordVolatile(int slot) {
        return (long) WORD.getVolatile(words, slot);
    }

    /**
     * Transition: VACANT or RESERVED → OPEN, by open; OPEN → RESERVED or VACANT of the next generation, by claim or
     * reclaim; OPEN → ORPHAN, by claim without a reply; ORPHAN → VACANT, by its reply or a release; RESERVED → VACANT,
     * by giveBack; any → CLOSED, by close; VACANT → owned → OPEN or back, by openAs. Ordering: volatile. The release
     * half of open publishes the sender and everything before it; the acquire half of claim and close makes that
     * visible to the winner. And it comes before the claim's load of the mode.
     */
    private boolean wordCompareAndSet(int slot, long seen, long next) {
        return WORD.compareAndSet(words, slot, seen, next);
    }
}
