package io.multishot.examples.simulation;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.simulation.Scheduler.Event;
import io.multishot.examples.simulation.Scheduler.Kind;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Queries from one model to another, one at a time, through one reused channel.
 *
 * @param <Q> the type of the queries
 * @param <A> the type of the replies
 */
final class Connection<Q, A> implements Waker {
    /** Recycles its sender: a simulation makes millions of queries, and a model uses each sender once, in its reply. */
    private final Receiver<A> receiver = Receiver.recycling();

    private final Model requester;
    private final Model responder;
    private final BiConsumer<Q, Sender<A>> handler;
    private final Consumer<A> onReply;
    private final Scheduler scheduler;
    private @Nullable Sender<A> lastSender;
    private @Nullable Event deadline;

    /**
     * Connects two models.
     *
     * @param handler run by the responder for each query; the responder calls {@link Model#reply}, at once or later
     * @param onReply run by the requester, in the cycle after the one in which the reply was sent
     */
    Connection(Model requester, Model responder, BiConsumer<Q, Sender<A>> handler, Consumer<A> onReply) {
        this.requester = requester;
        this.responder = responder;
        this.handler = handler;
        this.onReply = onReply;
        this.scheduler = requester.scheduler;
        scheduler.receivers.add(receiver);
    }

    /** Sends a query, and waits for its reply as long as it takes. */
    void ask(Q query) {
        Sender<A> sender = receiver.sender();
        if (receiver.poll(this) != Poll.PENDING) {
            throw new IllegalStateException("there is a reply before the query was sent");
        }
        scheduler.counters.queries.increment();
        if (sender != lastSender) {
            scheduler.counters.senders.increment();
            lastSender = sender;
        }
        requester.add(Kind.QUERY, 0, responder, () -> handler.accept(query, sender));
    }

    /** Sends a query, and gives it up after so much simulation time. */
    void ask(Q query, double patience) {
        ask(query);
        deadline = requester.add(Kind.DEADLINE, patience, requester, this::giveUp);
    }

    /** Called by the channel when the responder replies, as part of its run. */
    @Override
    public void wake() {
        responder.add(Kind.REPLY, 0, requester, this::take);
    }

    private void take() {
        if (deadline != null) {
            scheduler.events.remove(deadline);
        }
        scheduler.counters.answered.increment();
        onReply.accept(receiver.take());
    }

    /** Called between two cycles, when no reply can be under way. */
    private void giveUp() {
        if (!receiver.abandon()) {
            throw new IllegalStateException("the requester was not woken by a reply");
        }
        scheduler.counters.givenUp.increment();
    }
}
