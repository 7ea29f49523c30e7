package io.multishot.examples;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.multishot.aeron.Codec;
import java.security.MessageDigest;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A piece of a file, on its way to a worker in another process. */
final class Block {
    static final Codec<Block> CODEC = new Codec<>() {
        private static final int FLAGS_AT = Long.BYTES;
        private static final int BYTES_AT = FLAGS_AT + 1;
        private static final int FIRST = 1;
        private static final int LAST = 2;

        @Override
        public int length(Block block) {
            return BYTES_AT + block.length;
        }

        @Override
        public void encode(Block block, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, block.lane, LITTLE_ENDIAN);
            buffer.putByte(offset + FLAGS_AT, (byte) ((block.isFirst ? FIRST : 0) | (block.isLast ? LAST : 0)));
            buffer.putBytes(offset + BYTES_AT, block.bytes, 0, block.length);
        }

        @Override
        public Block decode(DirectBuffer buffer, int offset, int length) {
            if (length < BYTES_AT) {
                throw new IllegalArgumentException("a block of " + length + " bytes is none");
            }
            byte[] bytes = new byte[length - BYTES_AT];
            buffer.getBytes(offset + BYTES_AT, bytes);
            int flags = buffer.getByte(offset + FLAGS_AT);
            return new Block(
                    buffer.getLong(offset, LITTLE_ENDIAN),
                    (flags & FIRST) != 0,
                    (flags & LAST) != 0,
                    bytes,
                    bytes.length);
        }
    };

    private final long lane;
    private final boolean isFirst;
    private final boolean isLast;
    private final byte[] bytes;
    private final int length;

    /**
     * Makes a block.
     *
     * @param lane whose file it is: a number that whoever sends the file has to itself. Its blocks go over one after
     *     the other
     * @param isFirst whether the file begins here
     * @param isLast whether it ends here
     * @param bytes the piece; more may be in the array than belongs to it
     * @param length how many bytes belong to it
     */
    Block(long lane, boolean isFirst, boolean isLast, byte[] bytes, int length) {
        this.lane = lane;
        this.isFirst = isFirst;
        this.isLast = isLast;
        this.bytes = bytes;
        this.length = length;
    }

    long lane() {
        return lane;
    }

    boolean isFirst() {
        return isFirst;
    }

    boolean isLast() {
        return isLast;
    }

    void update(MessageDigest digest) {
        digest.update(bytes, 0, length);
    }
}
