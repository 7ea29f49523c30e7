package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Requester}'s end of the wire: tells the responder where to reply, watches whether it lives, and takes in the
 * replies.
 */
final class RequesterAgent<Q, R> implements Party {
    private static final int FRAGMENTS_A_CYCLE = 10;

    /** How often a responder is to be heard in one timeout, at least. */
    private static final int BEATS = 4;

    /** However long the timeout, so often: whoever was restarted is to be noticed soon. */
    private static final long SLOWEST_BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often to say hello to nobody. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    final Publication publication;
    final ActiveWriters gate = new ActiveWriters();
    final long incarnation = RandomId.next();

    private final Aeron aeron;
    private final ReplyTable<R> table;
    private final Decoder<R> decoder;
    private final Subscription replies;
    private final FragmentAssembler assembler = new FragmentAssembler(this::arrived);
    private final FrameWriter writer = new FrameWriter();
    private final FragmentHandler listener = this::fragment;
    private final PeerCheckSchedule pace = new PeerCheckSchedule();
    private final int replyStream;
    private final long timeoutNanos;
    private final long beatNanos;
    private final SilenceTimer silence;
    private final AtomicLong ignored = new AtomicLong();

    /** Sessions of images that are gone. */
    private final Queue<Integer> departed = new ConcurrentLinkedQueue<>();

    /**
     * Who answers now; null for nobody. Written on the engine's thread. Volatile, for {@link Call#ask} looks at it,
     * opens a ticket, and looks again; this writes it, then fails every ticket that is open. In whatever order these
     * four happen, a ticket for a responder that is lost is either failed here or noticed there.
     */
    private volatile @Nullable ConnectedResponder peer;

    /** Replies to receivers that had left. */
    private final AtomicLong unwanted = new AtomicLong();

    private volatile @Nullable String uselessBecause;

    // The engine's thread only

    private @Nullable Hello hello;
    private long replaced;
    private long nextHello = System.nanoTime();

    RequesterAgent(RequesterBuilder<Q, R> settings, ReplyTable<R> table) {
        this.table = table;
        decoder = settings.decoder;
        timeoutNanos = settings.peerTimeout.toNanos();
        beatNanos = Math.min(timeoutNanos / BEATS, SLOWEST_BEAT_NANOS);
        silence = new SilenceTimer(beatNanos, nextHello);
        replyStream = Long.hashCode(incarnation);
        String replyChannel = settings.replyChannel();
        aeron = settings.engine.aeron();
        publication = DriverRegistration.publication(aeron, settings.channel(), settings.stream);
        try {
            replies = DriverRegistration.subscription(
                    aeron, replyChannel, replyStream, image -> departed.add(image.sessionId()));
        } catch (Throwable refused) {
            publication.close();
            throw refused;
        }
    }

    @Nullable ConnectedResponder peer() {
        return peer;
    }

    long ignored() {
        return ignored.get();
    }

    long unwanted() {
        return unwanted.get();
    }

    void close() {
        gate.close();
    }

    @Override
    public boolean isClosed() {
        return gate.isClosed();
    }

    /** Why no responder will ever be found again; null if one may. */
    @Nullable String uselessBecause() {
        return uselessBecause;
    }

    @Override
    public int work() {
        int done = replies.poll(listener, FRAGMENTS_A_CYCLE);
        return pace.isDue(done) ? done + watch(System.nanoTime()) : done;
    }

    private int watch(long now) {
        pace.look(now);
        long silent = silence.look(now);
        forgetDeparted();
        int done = 0;
        if (now - nextHello >= 0 && greet()) {
            nextHello = now + (peer == null ? Math.min(beatNanos, SEARCH_NANOS) : beatNanos);
            done++;
        }
        if (peer != null && silent >= timeoutNanos) {
            replaced = 0;
            long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
            lose("the responder at " + this + " was not heard for " + millis + " ms");
            done++;
        }
        return done;
    }

    /**
     * Frees what the assembler keeps for images that are gone, unless they are back. Replies may have gone with the
     * responder's: then nothing that is in flight can be relied on.
     */
    private void forgetDeparted() {
        for (Integer session = departed.poll(); session != null; session = departed.poll()) {
            if (replies.imageBySessionId(session) == null) {
                assembler.freeSessionBuffer(session);
            }
            ConnectedResponder present = peer;
            if (present != null && present.image == session) {
                replaced = 0;
                lose("the connection to the responder at " + this + " was cut");
            }
        }
    }

    /** Returns false if the port to listen at is not known yet; then this is to be called again soon. */
    private boolean greet() {
        if (aeron.isClosed()) {
            becomeUseless("the media driver is gone, or its client was closed: make a new engine");
            return true;
        }
        Hello ours = hello;
        if (ours == null) {
            String channel = replies.tryResolveChannelEndpointPort();
            if (channel == null) {
                return false;
            }
            ours = new Hello((int) Math.max(TimeUnit.NANOSECONDS.toMillis(beatNanos), 1), replyStream, channel);
            hello = ours;
        }
        // Back-pressure or nobody there: the next one will do.
        SendResult offer = writer.write(
                publication, Frame.HELLO, incarnation, 0, 0, Hello.ENCODER, ours, Hello.ENCODER.length(ours));
        if (offer == SendResult.NOT_CONNECTED && writer.isSpent()) {
            becomeUseless(
                    "its channel has carried all that one can, 2^31 terms: make a new requester, with a larger term-length");
        }
        return true;
    }

    private void becomeUseless(String why) {
        uselessBecause = why;
        if (peer != null) {
            lose(this + " is of no more use: " + why);
        }
    }

    private void lose(String why) {
        peer = null;
        int unused = table.failAll(new PeerLostException(why + "; whether it has carried this request out is unknown"));
    }

    private void fragment(DirectBuffer buffer, int offset, int length, Header header) {
        ConnectedResponder present = peer;
        if (present != null) {
            silence.heard(present, buffer, offset, length, header);
        }
        assembler.onFragment(buffer, offset, length, header);
    }

    private void arrived(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length) || Frame.requester(buffer, offset) != incarnation) {
            ignored.incrementAndGet();
            return;
        }
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        long ticket = Frame.ticket(header);
        switch (Frame.kind(buffer, offset)) {
            case Frame.ALIVE -> alive(Frame.responder(buffer, offset), header.sessionId());
            case Frame.BYE -> bye(Frame.responder(buffer, offset));
            case Frame.VALUE -> value(ticket, buffer, payload, payloadLength);
            case Frame.FAILURE -> failure(ticket, buffer, payload, payloadLength);
            case Frame.DROP -> drop(ticket);
            default -> ignored.incrementAndGet();
        }
    }

    private boolean isFromPeer(long responder) {
        ConnectedResponder present = peer;
        return present != null && present.incarnation == responder;
    }

    /** What the one that was replaced has left on the wire is not to replace its successor. */
    private void alive(long responder, int image) {
        if (isFromPeer(responder) || responder == replaced) {
            return;
        }
        ConnectedResponder present = peer;
        if (present != null) {
            replaced = present.incarnation;
            lose("the responder at " + this + " was restarted, or could not hear this side for a while");
        }
        silence.end();
        peer = new ConnectedResponder(responder, image);
    }

    private void bye(long responder) {
        if (isFromPeer(responder)) {
            replaced = responder;
            lose("the responder at " + this + " was closed");
        }
    }

    /** Claims first: what is late is not decoded. */
    private void value(long ticket, DirectBuffer buffer, int offset, int length) {
        Sender<R> sender = table.claim(ticket);
        if (sender == null) {
            return;
        }
        R value;
        try {
            value = Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null");
        } catch (Throwable undecodable) {
            count(sender.fail(undecodable));
            return;
        }
        count(sender.send(value));
    }

    private void failure(long ticket, DirectBuffer buffer, int offset, int length) {
        RemoteFailureException failure = new RemoteFailureException(Frame.text(buffer, offset, length));
        Sender<R> sender = table.claim(ticket);
        if (sender != null) {
            count(sender.fail(failure));
        }
    }

    private void count(boolean wanted) {
        if (!wanted) {
            unwanted.incrementAndGet();
        }
    }

    private void drop(long ticket) {
        Sender<R> sender = table.claim(ticket);
        if (sender != null) {
            count(sender.drop());
        }
    }

    @Override
    public boolean release() {
        gate.close();
        peer = null;
        if (!gate.isEmpty()) {
            return false;
        }
        try {
            // If this does not arrive, the responder notices that nobody listens any more.
            SendResult unused = writer.write(publication, Frame.BYE, incarnation, 0, 0);
        } finally {
            CloseHelper.quietCloseAll(publication, replies);
            table.close();
        }
        return true;
    }

    /** Instead of {@link #release()}, if it never was the engine's. */
    void discard() {
        gate.close();
        CloseHelper.quietCloseAll(publication, replies);
    }

    @Override
    public String toString() {
        return "requester of " + publication.channel() + ", stream " + publication.streamId();
    }
}
