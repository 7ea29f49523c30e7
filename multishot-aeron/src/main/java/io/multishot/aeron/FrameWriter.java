package io.multishot.aeron;

import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.logbuffer.BufferClaim;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes frames into a publication: what fits into one fragment straight into Aeron's buffer, what is larger by way of
 * an array. One thread at a time.
 */
final class FrameWriter {
    private static final byte[] NONE = {};

    /** Arrays for large messages, for whoever comes; each grows to the largest that it was used for. */
    private static final Queue<UnsafeBuffer> SPARE = new ManyToManyConcurrentArrayQueue<>(4);

    private static final AtomicInteger MADE = new AtomicInteger();

    /** Where to count oneself into a {@link ActiveWriters}. */
    final int stripe = MADE.getAndIncrement() & Integer.MAX_VALUE;

    private final BufferClaim claim = new BufferClaim();

    /** The bounds of the payload; Agrona refuses what is beyond. */
    private final UnsafeBuffer window = new UnsafeBuffer(NONE);

    /** Aeron asks for it, fragment by fragment. */
    private long ticketOfLarge;

    private final ReservedValueSupplier reservedValue = (buffer, offset, length) -> ticketOfLarge;

    private boolean spent;

    /** Whether the last publication has carried all that one can, which is 2<sup>31</sup> terms. */
    boolean isSpent() {
        return spent;
    }

    /** Sends a frame without a payload. */
    SendResult write(Publication to, int kind, long requester, long responder, long ticket) {
        long position = claim(to, Frame.HEADER_LENGTH);
        if (position > 0) {
            Frame.write(claim.buffer(), claim.offset(), kind, requester, responder);
            claim.reservedValue(ticket);
            claim.commit();
        }
        return offer(position);
    }

    /**
     * Sends a frame with a payload.
     *
     * @param length what {@link #length} has returned for this message and this publication
     */
    <T> SendResult write(
            Publication to,
            int kind,
            long requester,
            long responder,
            long ticket,
            Encoder<T> encoder,
            T message,
            int length) {
        int total = Frame.HEADER_LENGTH + length;
        return total <= to.maxPayloadLength()
                ? writeSmall(to, total, kind, requester, responder, ticket, encoder, message)
                : writeLarge(to, total, kind, requester, responder, ticket, encoder, message);
    }

    private <T> SendResult writeSmall(
            Publication to,
            int total,
            int kind,
            long requester,
            long responder,
            long ticket,
            Encoder<T> encoder,
            T message) {
        long position = claim(to, total);
        if (position > 0) {
            try {
                encode(claim.buffer(), claim.offset(), total, kind, requester, responder, encoder, message);
            } catch (Throwable refused) {
                claim.abort();
                throw refused;
            }
            claim.reservedValue(ticket);
            claim.commit();
        }
        return offer(position);
    }

    private <T> SendResult writeLarge(
            Publication to,
            int total,
            int kind,
            long requester,
            long responder,
            long ticket,
            Encoder<T> encoder,
            T message) {
        UnsafeBuffer large = SPARE.poll();
        if (large == null || large.capacity() < total) {
            large = new UnsafeBuffer(new byte[total]);
        }
        try {
            // An encoder that writes too little is not to send what was here before.
            large.setMemory(0, total, (byte) 0);
            encode(large, 0, total, kind, requester, responder, encoder, message);
            ticketOfLarge = ticket;
            long position;
            do {
                position = to.offer(large, 0, total, reservedValue);
            } while (position == Publication.ADMIN_ACTION);
            return offer(position);
        } finally {
            boolean unused = SPARE.offer(large);
        }
    }

    private <T> void encode(
            MutableDirectBuffer buffer,
            int offset,
            int total,
            int kind,
            long requester,
            long responder,
            Encoder<T> encoder,
            T message) {
        Frame.write(buffer, offset, kind, requester, responder);
        window.wrap(buffer, offset + Frame.HEADER_LENGTH, total - Frame.HEADER_LENGTH);
        encoder.encode(message, window, 0);
    }

    /** Tries again while the term rotates, which takes no time. */
    private long claim(Publication to, int length) {
        long position;
        do {
            position = to.tryClaim(length, claim);
        } while (position == Publication.ADMIN_ACTION);
        return position;
    }

    private SendResult offer(long position) {
        if (position > 0) {
            return SendResult.ACCEPTED;
        }
        spent = position == Publication.MAX_POSITION_EXCEEDED;
        return position == Publication.BACK_PRESSURED ? SendResult.BACK_PRESSURED : SendResult.NOT_CONNECTED;
    }

    /**
     * Asks the encoder for the length, and refuses what is impossible.
     *
     * @throws IllegalArgumentException if the message is longer than Aeron can carry here, or its length negative
     */
    static <T> int length(Publication to, Encoder<T> encoder, T message) {
        int length = encoder.length(message);
        int most = to.maxMessageLength() - Frame.HEADER_LENGTH;
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    length < 0
                            ? "the encoder " + encoder + " tells a negative length, " + length
                            : "the message has " + length + " bytes, and this channel carries at most " + most
                                    + ": send it in parts, or set a larger term-length (an eighth of it is the most)");
        }
        return length;
    }
}
