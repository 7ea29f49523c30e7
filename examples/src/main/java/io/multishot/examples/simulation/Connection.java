package io.multishot.examples.simulation;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.simulation.Scheduler.Counters;
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
    private final Counters counters;
    private final int number;
    private @Nullable Sender<A> lastSender;
    private long round;
    private boolean isPending;

    /**
     * Connects two models.
     *
     * @param handler run by the responder for each query; it calls {@link Model#reply}, at once or later
     * @param onReply run by the requester, in the cycle after the one in which the reply was sent
     */
    Connection(Model requester, Model responder, BiConsumer<Q, Sender<A>> handler, Consumer<A> onReply) {
        this.requester = requester;
        this.responder = responder;
        this.handler = handler;
        this.onReply = onReply;
        this.counters = requester.scheduler.counters;
        this.number = requester.add(this);
    }

    /** Sends a query, and waits for its reply as long as it takes. */
    void ask(Q query) {
        Sender<A> sender = receiver.sender();
        if (receiver.poll(this) != Poll.PENDING) {
            throw new IllegalStateException("there is a reply before the query was sent");
        }
        counters.queries.increment();
        if (sender != lastSender) {
            counters.senders.increment();
            lastSender = sender;
        }
        round++;
        isPending = true;
        requester.add(Kind.QUERY, 0, responder, () -> handler.accept(query, sender));
    }

    /** Sends a query, and gives it up after so much simulation time. */
    void ask(Q query, double patience) {
        ask(query);
        long asked = round;
        requester.add(Kind.DEADLINE, patience, requester, () -> giveUp(asked));
    }

    /** Called by the channel, on the thread of the model that replies, during a cycle. */
    @Override
    public void wake() {
        requester.scheduler.add(
                new Event(requester.now(), Kind.REPLY, requester.number, number, requester, this::take));
    }

    private void take() {
        isPending = false;
        counters.answered.increment();
        onReply.accept(receiver.take());
    }

    /** Called between two cycles, when no reply can be under way. */
    private void giveUp(long asked) {
        if (isPending && round == asked) {
            if (!receiver.abandon()) {
                throw new IllegalStateException("the requester was not woken by a reply");
            }
            isPending = false;
            counters.givenUp.increment();
        }
    }

    /** Abandons the round in progress, if there is one. */
    void close() {
        receiver.close();
    }
}
