package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.ChannelUri;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a requester tells of itself.
 *
 * @param beatMillis how often it wants to hear of the responder
 * @param stream where it listens
 * @param channel where it listens
 */
record Hello(int beatMillis, int stream, String channel) {
    static final Encoder<Hello> ENCODER = new Encoder<>() {
        @Override
        public int length(Hello hello) {
            return CHANNEL_AT + hello.channel.length();
        }

        @Override
        public void encode(Hello hello, MutableDirectBuffer buffer, int offset) {
            buffer.putInt(offset + BEAT_AT, hello.beatMillis, LITTLE_ENDIAN);
            buffer.putInt(offset + STREAM_AT, hello.stream, LITTLE_ENDIAN);
            buffer.putStringWithoutLengthAscii(offset + CHANNEL_AT, hello.channel);
        }
    };

    private static final int BEAT_AT = 0;
    private static final int STREAM_AT = 4;
    private static final int CHANNEL_AT = 8;

    /** Returns null for what is no hello. */
    static @Nullable Hello decode(DirectBuffer buffer, int offset, int length) {
        int channelLength = length - CHANNEL_AT;
        if (channelLength < 1 || channelLength > ChannelUri.MAX_URI_LENGTH) {
            return null;
        }
        byte[] channel = new byte[channelLength];
        buffer.getBytes(offset + CHANNEL_AT, channel);
        for (byte c : channel) {
            if (c < ' ' || c > '~') {
                return null; // it may be logged
            }
        }
        int beatMillis = buffer.getInt(offset + BEAT_AT, LITTLE_ENDIAN);
        int stream = buffer.getInt(offset + STREAM_AT, LITTLE_ENDIAN);
        return beatMillis < 1 ? null : new Hello(beatMillis, stream, new String(channel, StandardCharsets.US_ASCII));
    }
}
