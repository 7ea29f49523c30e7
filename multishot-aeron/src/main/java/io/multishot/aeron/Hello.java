package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a hello.
 *
 * @param connectionId the random id that the requesting side drew for its connection
 * @param heartbeatMillis the interval at which it wants heartbeats of the responder
 * @param replyStream the stream on which it listens for replies
 * @param replyTermLength the term length that it wishes for the log of the replies; 0 without a wish
 * @param maxReplyLength the longest reply that it takes, in bytes
 * @param replyAddress where it listens for replies
 */
record Hello(
        long connectionId,
        int heartbeatMillis,
        int replyStream,
        int replyTermLength,
        int maxReplyLength,
        ReplyAddress replyAddress) {
    static final Encoder<Hello> ENCODER = new Encoder<>() {
        @Override
        public int length(Hello hello) {
            return ENDPOINT_OFFSET + hello.replyAddress.endpoint().length();
        }

        @Override
        public void encode(Hello hello, MutableDirectBuffer buffer, int offset) {
            ConnectionId.ENCODER.encode(hello.connectionId, buffer, offset);
            buffer.putInt(offset + HEARTBEAT_OFFSET, hello.heartbeatMillis, LITTLE_ENDIAN);
            buffer.putInt(offset + STREAM_OFFSET, hello.replyStream, LITTLE_ENDIAN);
            buffer.putInt(offset + TERM_LENGTH_OFFSET, hello.replyTermLength, LITTLE_ENDIAN);
            buffer.putInt(offset + MAX_REPLY_LENGTH_OFFSET, hello.maxReplyLength, LITTLE_ENDIAN);
            buffer.putStringWithoutLengthAscii(offset + ENDPOINT_OFFSET, hello.replyAddress.endpoint());
        }
    };

    private static final int HEARTBEAT_OFFSET = ConnectionId.LENGTH;
    private static final int STREAM_OFFSET = 12;
    private static final int TERM_LENGTH_OFFSET = 16;
    private static final int MAX_REPLY_LENGTH_OFFSET = 20;
    private static final int ENDPOINT_OFFSET = 24;

    /** Returns null if the payload is malformed. */
    static @Nullable Hello decode(DirectBuffer buffer, int offset, int length) {
        int endpointLength = length - ENDPOINT_OFFSET;
        if (endpointLength < 0 || endpointLength > ReplyAddress.MAX_LENGTH) {
            return null;
        }
        byte[] endpoint = new byte[endpointLength];
        buffer.getBytes(offset + ENDPOINT_OFFSET, endpoint);
        ReplyAddress address = ReplyAddress.parse(new String(endpoint, StandardCharsets.ISO_8859_1));
        long connectionId = ConnectionId.decode(buffer, offset, length);
        int heartbeatMillis = buffer.getInt(offset + HEARTBEAT_OFFSET, LITTLE_ENDIAN);
        if (address == null || !address.isReachable() || connectionId == RandomId.NONE || heartbeatMillis < 1) {
            return null;
        }
        int stream = buffer.getInt(offset + STREAM_OFFSET, LITTLE_ENDIAN);
        int termLength = buffer.getInt(offset + TERM_LENGTH_OFFSET, LITTLE_ENDIAN);
        int maxReplyLength = buffer.getInt(offset + MAX_REPLY_LENGTH_OFFSET, LITTLE_ENDIAN);
        return new Hello(connectionId, heartbeatMillis, stream, termLength, maxReplyLength, address);
    }
}
