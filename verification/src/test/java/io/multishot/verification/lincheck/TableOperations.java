package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * A reply table, as operations for the model checker. A request has a name, whose last ticket all threads know. Each
 * name has a receiver, which makes the next request once the last one is answered; otherwise a new receiver takes its
 * place. A claim returns which request's sender it got, so a wrong sender differs from what {@link SequentialTable}
 * returns. The table has room for all requests of a scenario, because when a table is full depends on calls in
 * progress, which a sequential specification does not have. failAll and close are missing because they go from slot to
 * slot, so they are not atomic.
 */
@Param(name = "name", gen = IntGen.class, conf = "0:1")
public abstract class TableOperations {
    private static final int NAMES = 2;
    private static final int ROOM = 16;

    private final ReplyTable<String> table;
    private final AtomicLongArray tickets = new AtomicLongArray(NAMES);

    /**
     * The senders that were opened, in the order of their requests. A recycled one occurs again, but not before it was
     * used.
     */
    private final AtomicReferenceArray<Sender<String>> opened = new AtomicReferenceArray<>(ROOM);

    /** The requester's. */
    private final Receiver<?>[] receivers = {Receiver.<String>recycling(), Receiver.<String>recycling()};

    private final AtomicInteger requests = new AtomicInteger();

    TableOperations(ReplyTable<String> table) {
        this.table = table;
    }

    /** Tickets of 64 bits. */
    public static class AllBits extends TableOperations {
        public AllBits() {
            super(new ReplyTable<>(ROOM));
        }
    }

    /** Tickets of few bits: what was given up is an orphan until its reply has come. */
    public static class FewBits extends TableOperations {
        public FewBits() {
            super(ReplyTable.ofBits(8, ROOM));
        }
    }

    @Operation(nonParallelGroup = "requester")
    public int open(@Param(name = "name") int name) {
        Sender<String> sender = sender(name);
        int request = requests.get();
        opened.set(request, sender);
        requests.set(request + 1);
        tickets.set(name, table.open(sender));
        return request;
    }

    @SuppressWarnings("unchecked")
    private Sender<String> sender(int name) {
        Sender<String> sender = ((Receiver<String>) receivers[name]).trySender();
        if (sender != null) {
            return sender;
        }
        Receiver<String> next = Receiver.recycling();
        receivers[name] = next;
        return next.sender();
    }

    @Operation(nonParallelGroup = "requester")
    public boolean drop(@Param(name = "name") int name) {
        return table.drop(tickets.get(name));
    }

    @Operation
    public boolean send(@Param(name = "name") int name) {
        return table.send(tickets.get(name), "reply");
    }

    @Operation
    public int claim(@Param(name = "name") int name) {
        Sender<String> sender = table.claim(tickets.get(name));
        if (sender == null) {
            return -1;
        }
        int request = requests.get() - 1;
        while (opened.get(request) != sender) {
            request--;
        }
        return request;
    }
}
