package io.multishot.benchmarks.remote;

import io.multishot.aeron.Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Small numbers, each of which is one object, so that decoding makes none. */
final class Numbers implements Codec<Long> {
    private static final Long[] ALL = new Long[64];

    static {
        for (int i = 0; i < ALL.length; i++) {
            ALL[i] = (long) i;
        }
    }

    static Long of(long number) {
        return ALL[(int) number];
    }

    @Override
    public int length(Long number) {
        return Long.BYTES;
    }

    @Override
    public void encode(Long number, MutableDirectBuffer buffer, int offset) {
        buffer.putLong(offset, number);
    }

    @Override
    public Long decode(DirectBuffer buffer, int offset, int length) {
        return of(buffer.getLong(offset));
    }
}
