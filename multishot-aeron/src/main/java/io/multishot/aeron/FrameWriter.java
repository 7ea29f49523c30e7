package io.multishot.aeron;

import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.logbuffer.BufferClaim;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames into a publication: {@link #header}, then {@link #send}. A frame that fits into one fragment is written
 * straight into Aeron's buffer, a larger one via an array. One thread at a time.
 */
final class FrameWriter {
    private static final byte[] EMPTY = {};

    /** In bytes. Longer arrays for large frames are not kept. */
    private static final int MAX_KEPT_LENGTH = 256 * 1024;

    /** Arrays for large frames, shared by all writers. */
    private static final Queue<UnsafeBuffer> LARGE_BUFFERS = new ManyToManyConcurrentArrayQueue<>(4);

    private static final AtomicInteger WRITERS = new AtomicInteger();

    /** The stripe of {@link ActiveWriters} that this writer is counted in. */
    final int stripe = WRITERS.getAndIncrement() & Integer.MAX_VALUE;

    private final BufferClaim claim = new BufferClaim();

    /** What an encoder gets: Agrona's bounds checks keep it within the payload. */
    private final UnsafeBuffer payload = new UnsafeBuffer(EMPTY);

    private int kind;
    private int argument;
    private long sessionId;
    private int requester;
    private int time;
    private long ticket;

    /** Aeron calls this for each fragment of a large frame. */
    private final ReservedValueSupplier reservedValue = (buffer, offset, length) -> ticket;

    private boolean exhausted;

    /** Sets the header of the next frame, which belongs to a session. */
    FrameWriter header(int frameKind, long ofSession) {
        return header(frameKind, 0, ofSession, Frame.NO_REQUESTER, 0, Frame.NO_TICKET);
    }

    /** Sets the header of the next frame, which belongs to a request. */
    FrameWriter header(int frameKind, int itsArgument, long ofSession, int ofRequester, int itsTime, long ofRequest) {
        kind = frameKind;
        argument = itsArgument;
        sessionId = ofSession;
        requester = ofRequester;
        time = itsTime;
        ticket = ofRequest;
        return this;
    }

    /** Sends a frame without a payload. */
    SendResult send(Publication publication) {
        long position = claim(publication, Frame.HEADER_LENGTH);
        if (position > 0) {
            writeHeader(claim.buffer(), claim.offset());
            commit();
        }
        return result(position);
    }

    /**
     * Sends a frame with a payload.
     *
     * @param length what {@link #encodedLength} has returned for this message and this publication
     */
    <T> SendResult send(Publication publication, Encoder<T> encoder, T message, int length) {
        int frameLength = Frame.HEADER_LENGTH + length;
        return frameLength <= publication.maxPayloadLength()
                ? sendSmall(publication, encoder, message, frameLength)
                : sendLarge(publication, encoder, message, frameLength);
    }

    private <T> SendResult sendSmall(Publication publication, Encoder<T> encoder, T message, int frameLength) {
        long position = claim(publication, frameLength);
        if (position > 0) {
            try {
                encode(claim.buffer(), claim.offset(), encoder, message, frameLength);
            } catch (Throwable refused) {
                claim.abort();
                throw refused;
            }
            commit();
        }
        return result(position);
    }

    private <T> SendResult sendLarge(Publication publication, Encoder<T> encoder, T message, int frameLength) {
        @Nullable UnsafeBuffer large = LARGE_BUFFERS.poll();
        if (large != null && large.capacity() >= frameLength) {
            // An encoder that writes less than it announced must not send parts of an earlier message.
            large.setMemory(0, frameLength, (byte) 0);
        } else {
            large = new UnsafeBuffer(new byte[frameLength]);
        }
        try {
            encode(large, 0, encoder, message, frameLength);
            long position;
            do {
                position = publication.offer(large, 0, frameLength, reservedValue);
            } while (position == Publication.ADMIN_ACTION);
            return result(position);
        } finally {
            boolean unused = large.capacity() <= MAX_KEPT_LENGTH && LARGE_BUFFERS.offer(large);
        }
    }

    private <T> void encode(MutableDirectBuffer buffer, int offset, Encoder<T> encoder, T message, int frameLength) {
        writeHeader(buffer, offset);
        int length = frameLength - Frame.HEADER_LENGTH;
        payload.wrap(buffer, offset + Frame.HEADER_LENGTH, length);
        if (UnsafeBuffer.SHOULD_BOUNDS_CHECK) {
            encoder.encode(message, payload, 0);
        } else {
            payload.putBytes(0, encodeChecked(encoder, message, length), 0, length);
        }
    }

    /** Encodes into a buffer that grows, whose growth shows that the encoder wrote more than it announced. */
    private static <T> DirectBuffer encodeChecked(Encoder<T> encoder, T message, int length) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(length);
        encoder.encode(message, buffer, 0);
        if (buffer.capacity() != length) {
            throw new IndexOutOfBoundsException("the encoder " + encoder + " wrote more than the " + length
                    + " bytes that it announced: its length() and encode() must agree");
        }
        return buffer;
    }

    private void writeHeader(MutableDirectBuffer buffer, int offset) {
        Frame.writeHeader(buffer, offset, kind, argument, sessionId, requester, time);
    }

    /** Claims space in Aeron's buffer. Retries while the term is being rotated, which takes a few instructions. */
    private long claim(Publication publication, int length) {
        long position;
        do {
            position = publication.tryClaim(length, claim);
        } while (position == Publication.ADMIN_ACTION);
        return position;
    }

    private void commit() {
        claim.reservedValue(ticket);
        claim.commit();
    }

    private SendResult result(long position) {
        if (position > 0) {
            return SendResult.ACCEPTED;
        }
        exhausted = position == Publication.MAX_POSITION_EXCEEDED;
        return position == Publication.BACK_PRESSURED ? SendResult.BACK_PRESSURED : SendResult.NOT_CONNECTED;
    }

    /**
     * Returns true if the last frame was refused because its publication has carried all it can: 2<sup>31</sup> terms.
     */
    boolean isPublicationExhausted() {
        return exhausted;
    }

    /**
     * Returns the length of a message's payload, as its encoder announces it.
     *
     * @param maxTaken the longest payload that the peer takes, as it says
     * @throws IllegalArgumentException if the message is longer than the publication can carry or the peer takes, or
     *     its length negative
     */
    static <T> int encodedLength(Publication publication, Encoder<T> encoder, T message, int maxTaken) {
        int length = encoder.length(message);
        int maxCarried = publication.maxMessageLength() - Frame.HEADER_LENGTH;
        if (length < 0 || length > maxCarried || length > maxTaken) {
            throw new IllegalArgumentException(reason(encoder, length, maxCarried, maxTaken));
        }
        return length;
    }

    private static String reason(Encoder<?> encoder, int length, int maxCarried, int maxTaken) {
        if (length < 0) {
            return "the encoder " + encoder + " announced a negative length, " + length;
        }
        String parts = "the message has " + length + " bytes, and ";
        return length > maxCarried
                ? parts + "this channel carries at most " + maxCarried
                        + ": send it in parts, or set a larger term-length (a message may have an eighth of it)"
                : parts + "the other side takes at most " + maxTaken
                        + ": send it in parts, or set a larger maxRequestLength or maxReplyLength there";
    }
}
