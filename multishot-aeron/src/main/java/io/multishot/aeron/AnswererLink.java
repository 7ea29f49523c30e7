package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/** An {@link Answerer}'s end of the wire: knows its askers, tells them that it lives, and hands out their requests. */
final class AnswererLink<Q, R> implements Party {
    private static final int FRAGMENTS_A_CYCLE = 64;

    /** So many cycles in which something arrives may pass without a look at the clock. */
    private static final int BUSY_CYCLES = 32;

    /** How often to log what anybody can cause at will. */
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final long incarnation = Incarnation.next();
    private final Aeron aeron;
    private final Decoder<Q> decoder;
    private final Handler<? super Q, R> handler;
    private final Predicate<String> mayReplyTo;
    private final Subscription requests;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::arrived);
    private final FrameWriter writer = new FrameWriter();
    private final Long2ObjectHashMap<Session> sessions = new Long2ObjectHashMap<>();
    private final ManyToOneConcurrentArrayQueue<ReplyPath<R>> free;
    private final int capacity;
    private final AtomicLong ignored = new AtomicLong();

    /** Sessions of images that are gone. */
    private final Queue<Integer> departed = new ConcurrentLinkedQueue<>();

    /** How many sessions there are; written on the engine's thread. */
    private volatile int askers;

    private volatile boolean closed;

    // The engine's thread only

    private int busy;
    private long nextComplaint = System.nanoTime();

    /** Failures that Aeron did not take yet; at most as many as there are places. */
    private final ArrayDeque<Overdue<R>> overdue = new ArrayDeque<>();

    AnswererLink(AnswererBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        aeron = settings.engine.aeron();
        decoder = settings.decoder;
        mayReplyTo = settings.mayReplyTo;
        capacity = settings.capacity;
        this.handler = handler;
        free = new ManyToOneConcurrentArrayQueue<>(Math.max(capacity, 2));
        for (int i = 0; i < capacity; i++) {
            free.add(new ReplyPath<>(settings.encoder, incarnation, free, settings.guarded));
        }
        requests = aeron.addSubscription(
                settings.channel, settings.stream, null, image -> departed.add(image.sessionId()));
    }

    int inHand() {
        return capacity - free.size();
    }

    int askers() {
        return askers;
    }

    long ignored() {
        return ignored.get();
    }

    void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int work() {
        int done = overdue.isEmpty() ? 0 : tellOverdue();
        done += requests.controlledPoll(assembler, FRAGMENTS_A_CYCLE);
        busy = done == 0 ? 0 : busy + 1;
        return busy % BUSY_CYCLES == 0 ? done + watch(System.nanoTime()) : done;
    }

    private int watch(long now) {
        forgetDeparted();
        int done = 0;
        for (Iterator<Session> each = sessions.values().iterator(); each.hasNext(); ) {
            Session session = each.next();
            try {
                if (session.isLost()) {
                    session.close();
                    each.remove();
                    done++;
                } else {
                    done += session.beat(writer, incarnation, now);
                }
            } catch (RegistrationException refused) {
                each.remove();
                refused(session, refused, now);
            }
        }
        askers = sessions.size();
        return done;
    }

    /** Frees what the assembler keeps for them, unless they are back. */
    private void forgetDeparted() {
        for (Integer session = departed.poll(); session != null; session = departed.poll()) {
            if (requests.imageBySessionId(session) == null) {
                assembler.freeSessionBuffer(session);
            }
        }
    }

    /** An asker whose channel is none says hello many times a second. */
    private void refused(Session session, RegistrationException refused, long now) {
        ignored.incrementAndGet();
        if (now - nextComplaint >= 0) {
            nextComplaint = now + COMPLAINT_NANOS;
            Loop.LOGGER.log(Level.WARNING, "no way back to the " + session + ": " + refused.getMessage());
        }
    }

    private Action arrived(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length)) {
            return ignore();
        }
        long asker = Frame.asker(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        return switch (Frame.kind(buffer, offset)) {
            case Frame.HELLO -> hello(asker, Hello.decode(buffer, payload, payloadLength), header.sessionId());
            case Frame.BYE -> bye(asker);
            case Frame.REQUEST -> {
                Session session = sessions.get(asker);
                yield session == null || Frame.answerer(buffer, offset) != incarnation
                        ? ignore()
                        : request(session, Frame.ticket(buffer, offset), buffer, payload, payloadLength);
            }
            default -> ignore();
        };
    }

    private Action ignore() {
        ignored.incrementAndGet();
        return Action.CONTINUE;
    }

    private Action hello(long asker, @Nullable Hello hello, int imageSession) {
        Image image = requests.imageBySessionId(imageSession);
        if (hello == null || image == null || !mayReplyTo.test(hello.channel())) {
            return ignore();
        }
        Session present = sessions.get(asker);
        if (present != null && present.isOf(hello) && !present.isLost()) {
            return Action.CONTINUE;
        }
        if (present != null) {
            present.close();
        }
        sessions.put(asker, new Session(aeron, asker, hello, image, System.nanoTime()));
        return Action.CONTINUE;
    }

    private Action bye(long asker) {
        Session session = sessions.remove(asker);
        if (session != null) {
            session.close();
        }
        return Action.CONTINUE;
    }

    /** If no place is free, the request stays in Aeron's buffer, and comes again. */
    private Action request(Session session, long ticket, DirectBuffer buffer, int offset, int length) {
        ReplyPath<R> path = free.poll();
        if (path == null) {
            return Action.ABORT;
        }
        RemoteSender<R> sender = path.begin(session, ticket);
        try {
            handler.handle(
                    Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null"),
                    sender);
        } catch (Throwable fault) {
            boolean unused = fail(sender, fault);
        }
        return Action.CONTINUE;
    }

    private int tellOverdue() {
        int done = 0;
        for (int left = overdue.size(); left > 0; left--) {
            Overdue<R> next = overdue.remove();
            done += fail(next.sender, next.fault) ? 1 : 0;
        }
        return done;
    }

    /** Returns false if that is to be tried again. */
    private boolean fail(RemoteSender<R> sender, Throwable fault) {
        try {
            boolean told = sender.fail(fault) != Offer.BACK_PRESSURED;
            if (!told) {
                overdue.add(new Overdue<>(sender, fault));
            }
            return told;
        } catch (IllegalStateException used) {
            Loop.report("the handler of the " + this + " threw after it had used its sender", fault);
            return true;
        }
    }

    /** A request that has failed, which its asker does not know yet. */
    private record Overdue<R>(RemoteSender<R> sender, Throwable fault) {}

    @Override
    public void release() {
        closed = true;
        for (Session session : sessions.values()) {
            session.sayGoodbye(writer, incarnation);
        }
        sessions.clear();
        askers = 0;
        CloseHelper.quietClose(requests);
    }

    @Override
    public String toString() {
        return "answerer at " + requests.channel() + ", stream " + requests.streamId();
    }
}
