package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import org.agrona.DirectBuffer;

/** The same on bare publications, which several threads could share, as those of the library. */
@Contender(value = "floor: bare Aeron", role = Role.FLOOR)
public class BareAeron extends OverAeron {
    private static final int REQUESTS = 1;
    private static final int REPLIES = 2;

    private final BufferClaim requestersClaim = new BufferClaim();
    private final BufferClaim respondersClaim = new BufferClaim();
    private final FragmentHandler onRequest = this::requested;
    private final FragmentHandler onReply = this::replied;

    @SuppressWarnings("NullAway.Init")
    private Publication requests;

    @SuppressWarnings("NullAway.Init")
    private Publication replies;

    @SuppressWarnings("NullAway.Init")
    private Subscription atResponder;

    @SuppressWarnings("NullAway.Init")
    private Subscription atRequester;

    private long reply;
    private int replied;
    private int inFlight;

    /** For JMH. */
    public BareAeron() {}

    @Override
    void open(Aeron client, String requestChannel, String replyChannel) {
        atResponder = client.addSubscription(requestChannel, REQUESTS);
        atRequester = client.addSubscription(replyChannel, REPLIES);
        requests = publication(client, requestChannel, REQUESTS);
        replies = publication(client, replyChannel, REPLIES);
    }

    Publication publication(Aeron client, String channel, int stream) {
        return client.addPublication(channel, stream);
    }

    @Override
    void connect() {
        while (!requests.isConnected() || !replies.isConnected()) {
            idle();
        }
    }

    @Override
    long ask() {
        reply = 0;
        inFlight++;
        send(requests, requestersClaim, REQUEST);
        while (reply == 0) {
            if (atRequester.poll(onReply, 1) == 0) {
                idle();
            }
        }
        return reply;
    }

    @Override
    long askMany(int most) {
        replied = 0;
        while (replied < BATCH) {
            while (inFlight < most && trySend(requests, requestersClaim, REQUEST)) {
                inFlight++;
            }
            if (atRequester.poll(onReply, FRAGMENTS) == 0) {
                idle();
            }
        }
        return reply;
    }

    @Override
    int serve() {
        return atResponder.poll(onRequest, FRAGMENTS);
    }

    private void requested(DirectBuffer buffer, int offset, int length, Header header) {
        send(replies, respondersClaim, buffer.getLong(offset) + 1);
    }

    private void replied(DirectBuffer buffer, int offset, int length, Header header) {
        reply = buffer.getLong(offset);
        replied++;
        inFlight--;
    }

    private void send(Publication to, BufferClaim claim, long number) {
        while (!trySend(to, claim, number)) {
            idle();
        }
    }

    private static boolean trySend(Publication to, BufferClaim claim, long number) {
        if (to.tryClaim(Long.BYTES, claim) < 0) {
            return false;
        }
        claim.buffer().putLong(claim.offset(), number);
        claim.commit();
        return true;
    }

    @Override
    void closeEnds() {
        // with the client
    }

    /** The same on publications that one thread has to itself, which spares an atomic operation. */
    @Contender(value = "floor: bare Aeron, exclusive publications", role = Role.FLOOR, place = 1)
    public static class Exclusive extends BareAeron {
        /** For JMH. */
        public Exclusive() {}

        @Override
        Publication publication(Aeron client, String channel, int stream) {
            return client.addExclusivePublication(channel, stream);
        }
    }
}
