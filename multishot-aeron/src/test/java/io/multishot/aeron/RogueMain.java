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
 * An answerer that answers each request with the request itself, but before that sends whatever an asker should ignore,
 * and after that the same reply again.
 */
final class RogueMain {
    static final int IGNORED_BY_REQUEST = 5;
    static final int REFUSED_BY_REQUEST = 4;

    private static final long INCARNATION = 42;

    private final Aeron aeron;
    private final FrameWriter writer = new FrameWriter();
    private final ExpandableArrayBuffer raw = new ExpandableArrayBuffer();
    private Publication back;

    private RogueMain(Aeron aeron) {
        this.aeron = aeron;
    }

    /** Arguments: the channel; a directory for a driver of its own. */
    public static void main(String... args) throws Exception {
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(args[1])
                        .threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnShutdown(true));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                Subscription requests = aeron.addSubscription(args[0], AnswererBuilder.DEFAULT_STREAM)) {
            RogueMain rogue = new RogueMain(aeron);
            FragmentAssembler assembler = new FragmentAssembler(
                    (buffer, offset, length, header) -> rogue.arrived(buffer, offset, length, header));
            System.out.println(AnswererMain.READY);
            while (System.in.available() == 0) {
                requests.poll(assembler, 10);
                Thread.sleep(1);
            }
        }
    }

    private void arrived(DirectBuffer buffer, int offset, int length, Header header) {
        long asker = Frame.asker(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (Frame.kind(buffer, offset) == Frame.HELLO) {
            Hello hello = Hello.decode(buffer, payload, payloadLength);
            if (back == null) {
                back = aeron.addPublication(hello.channel(), hello.stream());
            }
            writer.write(back, Frame.ALIVE, asker, INCARNATION, 0);
        } else if (Frame.kind(buffer, offset) == Frame.REQUEST) {
            misbehave(asker, Frame.ticket(header), Codec.utf8().decode(buffer, payload, payloadLength));
        }
    }

    private void misbehave(long asker, long ticket, String reply) {
        // ignored: no bytes, too few, no magic number, another asker's, of no kind that there is
        publish(0);
        Frame.write(raw, 0, Frame.VALUE, asker, INCARNATION);
        publish(Frame.HEADER_LENGTH - 1);
        raw.putInt(0, 0x4D53_4802);
        publish(Frame.HEADER_LENGTH);
        value(asker + 1, ticket, reply);
        writer.write(back, 99, asker, INCARNATION, ticket);
        // refused: three tickets that never were, then the reply twice
        value(asker, 0, "nothing");
        value(asker, -1, "nothing");
        value(asker, ticket + 1, "nothing");
        value(asker, ticket, reply);
        value(asker, ticket, "again");
    }

    private void publish(int length) {
        while (back.offer(raw, 0, length) < 0) {
            Thread.onSpinWait();
        }
    }

    private void value(long asker, long ticket, String value) {
        writer.write(
                back,
                Frame.VALUE,
                asker,
                INCARNATION,
                ticket,
                Codec.utf8(),
                value,
                Codec.utf8().length(value));
    }
}
