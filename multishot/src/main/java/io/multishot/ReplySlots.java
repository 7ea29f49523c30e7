package io.multishot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The slots of a {@link ReplyTable}, and their transitions. */
final class ReplySlots<T> {
    /*
     * Each slot has a word. Its upper bits are the generation, which is never 0 while the slot can be used; its lower bits, as
     * many as an index needs, say the rest. OPEN is the slot's own index there: the word of an open slot is its ticket.
     *
     *   word                                    seen by   meaning
     *   VACANT: generation, index ^ 1           all       the slot is free, or one thread has it: to fill it, or to empty it
     *   OPEN: generation, index: the ticket     all       the request is in flight; its sender stands beside the word
     *   CLOSED: 0, index ^ 1                    all       the slot is settled for good
     *
     *   transition, each a compare-and-set      by                 who may touch the sender then
     *   VACANT g → OPEN g                       open               nobody, until the next transition
     *   OPEN g → VACANT g + 1                   take               this thread alone, until it has pushed the slot
     *   OPEN g → CLOSED                         close              this thread alone
     *   VACANT g → CLOSED                       close              whoever has the slot; else nobody
     *
     * Who has a vacant slot: the free list, until open pops it; then open, which fills in the sender and makes the word OPEN;
     * and after the claim whoever won it, who reads the sender, clears it, and pushes the slot. So the winner's sender is the
     * one of its ticket's generation, however long it takes; a loser never reads one; and the next owner comes after the last
     * one has cleared up. A thread that stalls in between keeps its one slot from the others, who take another.
     *
     * The claim expects the ticket itself, so any other number fails, and nothing has happened. NO_TICKET would be generation 0
     * of slot 0. It fails, too: generation 0 is CLOSED's alone, and beside that stands another index than the slot's own.
     *
     * open against close: both want to change the same word, so one of them fails. If open was first, close finds the request;
     * if close was, open throws. There is no flag beside the word that either could miss.
     */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words;
    private final @Nullable Sender<T>[] senders;
    private final FreeSlots free;

    /** The unit of the generation; the bits below are for the index. */
    private final long generation;

    @SuppressWarnings("unchecked") // nothing but senders of T gets in
    ReplySlots(int capacity) {
        generation = 1L << Math.max(FreeSlots.bits(capacity - 1), 1);
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
        int slot = free.pop();
        if (slot < 0) {
            return ReplyTable.NO_TICKET;
        }
        senders[slot] = sender;
        long vacant = wordOpaque(slot);
        long ticket = vacant ^ 1;
        if (vacant == closedWord(slot) || !wordCompareAndSet(slot, vacant, ticket)) {
            senders[slot] = null;
            throw Errors.tableClosed();
        }
        return ticket;
    }

    /** Claims what goes by this ticket. Returns the sender, its slot being free again; null if there is no such request. */
    @Nullable Sender<T> take(long ticket) {
        int slot = (int) (ticket & (generation - 1));
        if (slot >= words.length || !wordCompareAndSet(slot, ticket, vacantAfter(ticket))) {
            return null;
        }
        Sender<T> sender = senders[slot];
        senders[slot] = null;
        free.push(slot);
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
     * Settles this slot for good. Returns the sender if a request was in it. Lock-free: a request was opened here, or claimed, for
     * each further attempt.
     */
    @Nullable Sender<T> close(int slot) {
        long word;
        do {
            word = wordVolatile(slot);
        } while (!wordCompareAndSet(slot, word, closedWord(slot)));
        if (!isOpen(slot, word)) {
            return null;
        }
        Sender<T> sender = senders[slot];
        senders[slot] = null;
        return sender;
    }

    private boolean isOpen(int slot, long word) {
        return (word & (generation - 1)) == slot;
    }

    /** The word of this slot without a generation; it stands there when the slot is closed. */
    private static long closedWord(int slot) {
        return slot ^ 1;
    }

    /** The word that follows this ticket: vacant, of the next generation; after the last one comes the first. */
    private long vacantAfter(long ticket) {
        long next = (ticket ^ 1) + generation;
        return (next & -generation) == 0 ? next + generation : next;
    }

    /**
     * open's look at the slot that it has popped. Ordering: opaque. What the last owner wrote is visible by the pop; close may
     * have settled the slot since, and if this does not see that, the compare-and-set does.
     */
    private long wordOpaque(int slot) {
        return (long) WORD.getOpaque(words, slot);
    }

    /**
     * A look at any slot: by failAll, close, inFlight. Ordering: volatile, pairs with {@link #wordCompareAndSet}: a request that
     * was opened before the call is found.
     */
    private long wordVolatile(int slot) {
        return (long) WORD.getVolatile(words, slot);
    }

    /**
     * Transition: VACANT → OPEN, by open; OPEN → VACANT of the next generation, by the claim; either → CLOSED, by close.
     * Ordering: volatile. open's release half publishes the sender, and all that came before; the claim's and close's acquire
     * half makes that visible to the winner.
     */
    private boolean wordCompareAndSet(int slot, long seen, long next) {
        return WORD.compareAndSet(words, slot, seen, next);
    }
}
