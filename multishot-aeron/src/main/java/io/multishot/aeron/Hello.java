package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.ChannelUri;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a hello.
 *
 * @param heartbeatMillis the interval at which the requester wants heartbeats of the responder
 * @param replyStream the stream on which the requester listens for replies
 * @param replyChannel the channel on which the requester listens for replies
 */
record Hello(int heartbeatMillis, int replyStream, String replyChannel) {
    static final Encoder<Hello> ENCODER = new Encoder<>() {
        @Override
        public int length(Hello hello) {
            return CHANNEL_OFFSET + hello.replyChannel.length();
        }

        @Override
        public void encode(Hello hello, MutableDirectBuffer buffer, int offset) {
            buffer.putInt(offset + HEARTBEAT_OFFSET, hello.heartbeatMillis, LITTLE_ENDIAN);
            buffer.putInt(offset + STREAM_OFFSET, hello.replyStream, LITTLE_ENDIAN);
            buffer.putStringWithoutLengthAscii(offset + CHANNEL_OFFSET, hello.replyChannel);
        }
    };

    private static final int HEARTBEAT_OFFSET = 0;
    private static final int STREAM_OFFSET = 4;
    private static final int CHANNEL_OFFSET = 8;

    /** Returns null if the payload is malformed. */
    static @Nullable Hello decode(DirectBuffer buffer, int offset, int length) {
        int channelLength = length - CHANNEL_OFFSET;
        if (channelLength < 1 || channelLength > ChannelUri.MAX_URI_LENGTH) {
            return null;
        }
        byte[] channel = new byte[channelLength];
        buffer.getBytes(offset + CHANNEL_OFFSET, channel);
        for (byte c : channel) {
            if (c < ' ' || c > '~') {
                return null; // the channel may be logged
            }
        }
        int heartbeatMillis = buffer.getInt(offset + HEARTBEAT_OFFSET, LITTLE_ENDIAN);
        int stream = buffer.getInt(offset + STREAM_OFFSET, LITTLE_ENDIAN);
        return heartbeatMillis < 1
                ? null
                : new Hello(heartbeatMillis, stream, new String(channel, StandardCharsets.US_ASCII));
    }
}
