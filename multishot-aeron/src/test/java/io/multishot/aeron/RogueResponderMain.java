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
    static final int IGNORED_PER_REQUEST = 5;
    static final int REFUSED_PER_REQUEST = 4;

    private static final long SESSION_ID = 42;

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
        long requesterId = Frame.requesterId(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (Frame.kind(buffer, offset) == Frame.HELLO) {
            Hello hello = Hello.decode(buffer, payload, payloadLength);
            if (replies == null) {
                replies = aeron.addPublication(hello.replyChannel(), hello.replyStream());
            }
            writer.header(Frame.HEARTBEAT, requesterId, SESSION_ID, Frame.NO_TICKET)
                    .send(replies);
        } else if (Frame.kind(buffer, offset) == Frame.REQUEST) {
            misbehave(requesterId, Frame.ticket(header), Codec.utf8().decode(buffer, payload, payloadLength));
        }
    }

    private void misbehave(long requesterId, long ticket, String reply) {
        // ignored: no bytes, too few bytes, another version, another requester's, an unknown kind
        publish(0);
        Frame.writeHeader(raw, 0, Frame.VALUE, requesterId, SESSION_ID);
        publish(Frame.HEADER_LENGTH - 1);
        raw.putInt(0, 0x4D53_4802);
        publish(Frame.HEADER_LENGTH);
        value(requesterId + 1, ticket, reply);
        writer.header(99, requesterId, SESSION_ID, ticket).send(replies);
        // refused: three unknown tickets, and a duplicate of the reply
        value(requesterId, 0, "nothing");
        value(requesterId, -1, "nothing");
        value(requesterId, ticket + 1, "nothing");
        value(requesterId, ticket, reply);
        value(requesterId, ticket, "again");
    }

    private void publish(int length) {
        while (replies.offer(raw, 0, length) < 0) {
            Thread.onSpinWait();
        }
    }

    private void value(long requesterId, long ticket, String value) {
        writer.header(Frame.VALUE, requesterId, SESSION_ID, ticket)
                .send(replies, Codec.utf8(), value, Codec.utf8().length(value));
    }
}
