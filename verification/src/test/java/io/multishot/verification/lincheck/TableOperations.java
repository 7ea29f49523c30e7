package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * A reply table, as operations for the model checker. Requests go by a name, of which the last ticket is known to all; who
 * claims says whose sender it got, so a sender of another request is another answer than {@link SequentialTable} has. The table
 * has room for all that a scenario opens: when a table is full depends on calls under way, and a specification knows none. And
 * failAll and close are not here: they go from slot to slot, so they are not one step.
 */
@Param(name = "name", gen = IntGen.class, conf = "0:1")
public class TableOperations {
    private static final int NAMES = 2;
    private static final int ROOM = 16;

    private final ReplyTable<String> table = new ReplyTable<>(ROOM);
    private final AtomicLongArray tickets = new AtomicLongArray(NAMES);

    /** The senders that were opened, in the order of their requests; the asker's. */
    private final AtomicReferenceArray<Sender<String>> opened = new AtomicReferenceArray<>(ROOM);

    private int requests;

    @Operation(nonParallelGroup = "asker")
    public int open(@Param(name = "name") int name) {
        Sender<String> sender = new Receiver<String>().sender();
        opened.set(requests, sender);
        tickets.set(name, table.open(sender));
        return requests++;
    }

    @Operation(nonParallelGroup = "asker")
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
        int request = 0;
        while (opened.get(request) != sender) {
            request++;
        }
        return request;
    }
}
