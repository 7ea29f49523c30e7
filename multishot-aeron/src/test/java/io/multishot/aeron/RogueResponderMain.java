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
 * A responder that answers each request with the request itself, but before that sends whatever a requester should
 * ignore, and after that the same reply again.
 */
final class RogueResponderMain {
    static final int IGNORED_BY_REQUEST = 5;
    static final int REFUSED_BY_REQUEST = 4;

    private static final long INCARNATION = 42;

    private final Aeron aeron;
    private final FrameWriter writer = new FrameWriter();
    private final ExpandableArrayBuffer raw = new ExpandableArrayBuffer();
    private Publication back;

    private RogueResponderMain(Aeron aeron) {
        this.aeron = aeron;
    }

    /** Arguments: the channel; a directory for a driver of its own. */
    public static void main(String... args) throws Exception {
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(args[1])
                        .threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnShutdown(true));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                Subscription requests = aeron.addSubscription(args[0], ResponderBuilder.DEFAULT_STREAM)) {
            RogueResponderMain rogue = new RogueResponderMain(aeron);
            FragmentAssembler assembler = new FragmentAssembler(
                    (buffer, offset, length, header) -> rogue.arrived(buffer, offset, length, header));
            System.out.println(ResponderMain.READY);
            while (System.in.available() == 0) {
                requests.poll(assembler, 10);
                Thread.sleep(1);
            }
        }
    }

    private void arrived(DirectBuffer buffer, int offset, int length, Header header) {
        long requester = Frame.requester(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (Frame.kind(buffer, offset) == Frame.HELLO) {
            Hello hello = Hello.decode(buffer, payload, payloadLength);
            if (back == null) {
                back = aeron.addPublication(hello.channel(), hello.stream());
            }
            writer.write(back, Frame.ALIVE, requester, INCARNATION, 0);
        } else if (Frame.kind(buffer, offset) == Frame.REQUEST) {
            misbehave(requester, Frame.ticket(header), Codec.utf8().decode(buffer, payload, payloadLength));
        }
    }

    private void misbehave(long requester, long ticket, String reply) {
        // ignored: no bytes, too few, no magic number, another requester's, of no kind that there is
        publish(0);
        Frame.write(raw, 0, Frame.VALUE, requester, INCARNATION);
        publish(Frame.HEADER_LENGTH - 1);
        raw.putInt(0, 0x4D53_4802);
        publish(Frame.HEADER_LENGTH);
        value(requester + 1, ticket, reply);
        writer.write(back, 99, requester, INCARNATION, ticket);
        // refused: three tickets that never were, then the reply twice
        value(requester, 0, "nothing");
        value(requester, -1, "nothing");
        value(requester, ticket + 1, "nothing");
        value(requester, ticket, reply);
        value(requester, ticket, "again");
    }

    private void publish(int length) {
        while (back.offer(raw, 0, length) < 0) {
            Thread.onSpinWait();
        }
    }

    private void value(long requester, long ticket, String value) {
        writer.write(
                back,
                Frame.VALUE,
                requester,
                INCARNATION,
                ticket,
                Codec.utf8(),
                value,
                Codec.utf8().length(value));
    }
}
