package io.multishot.examples.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The queries that a model was asked: those of this cycle, which arrive, and those of the cycles before. */
final class Mailbox {
    private static final Comparator<Request<?, ?>> BY_REQUESTER =
            Comparator.<Request<?, ?>>comparingInt(Request::requester).thenComparingLong(Request::number);

    private final Queue<Request<?, ?>> arriving = new ConcurrentLinkedQueue<>();
    private final List<Request<?, ?>> delivered = new ArrayList<>();

    /** Puts a query in. Any model, during a cycle. */
    void put(Request<?, ?> request) {
        arriving.add(request);
    }

    /** Between two cycles: what has arrived is delivered, in an order that does not tell who was faster. */
    void turn() {
        for (Request<?, ?> next = arriving.poll(); next != null; next = arriving.poll()) {
            delivered.add(next);
        }
        delivered.sort(BY_REQUESTER);
    }

    /** During a cycle: the owner looks at what was delivered before. */
    void open() {
        for (Request<?, ?> request : delivered) {
            request.deliver();
        }
        delivered.clear();
    }
}
