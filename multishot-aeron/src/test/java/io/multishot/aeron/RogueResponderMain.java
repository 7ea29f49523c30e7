package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * A responder that echoes each request, but first sends frames that a requester must ignore or refuse, and afterwards a
 * duplicate of the reply.
 */
final class RogueResponderMain {
    static final int IGNORED_PER_REQUEST = 6;
    static final int REFUSED_PER_REQUEST = 5;

    private static final long SESSION_ID = 42;
    private static final int MAX_REQUEST_LENGTH = 1_000;

    private final Aeron aeron;
    private final FrameWriter writer = new FrameWriter();
    private final ExpandableArrayBuffer raw = new ExpandableArrayBuffer();
    private Publication replies;

    private RogueResponderMain(Aeron aeron) {
        this.aeron = aeron;
    }

    /** Arguments: the channel; the directory for a driver of its own. */
    public static void main(String... args) throws Exception {
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(args[1])
                        .threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnShutdown(true));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                Subscription requests = aeron.addSubscription(args[0], ResponderBuilder.DEFAULT_STREAM)) {
            RogueResponderMain rogue = new RogueResponderMain(aeron);
            FragmentAssembler assembler = new FragmentAssembler(
                    (buffer, offset, length, header) -> rogue.onMessage(buffer, offset, length, header));
            System.out.println(ResponderMain.READY);
            while (System.in.available() == 0) {
                requests.poll(assembler, 10);
                Thread.sleep(1);
            }
        }
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (Frame.kind(buffer, offset) == Frame.HELLO) {
            Hello hello = Hello.decode(buffer, payload, payloadLength);
            if (replies == null) {
                replies = aeron.addPublication(hello.replyAddress().channel(), hello.replyStream());
            }
            heartbeat(hello.connectionId());
        } else if (Frame.kind(buffer, offset) == Frame.REQUEST) {
            String reply = Codec.utf8().decode(buffer, payload, payloadLength);
            misbehave(Frame.requester(buffer, offset), Frame.ticket(header), reply);
        }
    }

    private void misbehave(int requester, long ticket, String reply) {
        // ignored: no bytes, too few bytes, another version, another requester's, another connection's, an unknown kind
        publish(0);
        Frame.writeHeader(raw, 0, Frame.VALUE, 0, SESSION_ID, requester, 0);
        publish(Frame.HEADER_LENGTH - 1);
        raw.putByte(2, (byte) (Frame.VERSION + 1));
        publish(Frame.HEADER_LENGTH);
        value(SESSION_ID, requester + 1, ticket, reply);
        heartbeat(7);
        writer.header(99, 0, SESSION_ID, requester, 0, ticket).send(replies);
        // refused: three unknown tickets, one of another session, and a duplicate of the reply
        value(SESSION_ID, requester, 0, "nothing");
        value(SESSION_ID, requester, -1, "nothing");
        value(SESSION_ID, requester, ticket + 1, "nothing");
        value(SESSION_ID + 1, requester, ticket, "nothing");
        value(SESSION_ID, requester, ticket, reply);
        value(SESSION_ID, requester, ticket, "again");
    }

    private void heartbeat(long connectionId) {
        writer.header(Frame.HEARTBEAT, MAX_REQUEST_LENGTH, SESSION_ID, Frame.NO_REQUESTER, 0, Frame.NO_TICKET)
                .send(replies, ConnectionId.ENCODER, connectionId, ConnectionId.LENGTH);
    }

    private void publish(int length) {
        while (replies.offer(raw, 0, length) < 0) {
            Thread.onSpinWait();
        }
    }

    private void value(long sessionId, int requester, long ticket, String value) {
        writer.header(Frame.VALUE, 0, sessionId, requester, 0, ticket)
                .send(replies, Codec.utf8(), value, Codec.utf8().length(value));
    }
}
