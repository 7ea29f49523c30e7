package io.multishot.examples;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.multishot.aeron.Codec;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A piece of a file, to be hashed in another process.
 *
 * @param reader identifies the worker that reads the file, which sends one block at a time, of one file at a time
 * @param isFirst whether the file begins with this block
 * @param isLast whether the file ends with this block
 * @param bytes the piece, from the buffer's position to its limit
 */
record Block(long reader, boolean isFirst, boolean isLast, ByteBuffer bytes) {
    static final Codec<Block> CODEC = new Codec<>() {
        private static final int FLAGS_OFFSET = Long.BYTES;
        private static final int BYTES_OFFSET = FLAGS_OFFSET + 1;
        private static final int FIRST = 1;
        private static final int LAST = 2;

        @Override
        public int length(Block block) {
            return BYTES_OFFSET + block.bytes.remaining();
        }

        @Override
        public void encode(Block block, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, block.reader, LITTLE_ENDIAN);
            buffer.putByte(offset + FLAGS_OFFSET, (byte) ((block.isFirst ? FIRST : 0) | (block.isLast ? LAST : 0)));
            buffer.putBytes(offset + BYTES_OFFSET, block.bytes, block.bytes.position(), block.bytes.remaining());
        }

        @Override
        public Block decode(DirectBuffer buffer, int offset, int length) {
            if (length < BYTES_OFFSET) {
                throw new IllegalArgumentException("a block of " + length + " bytes is shorter than its header");
            }
            byte[] bytes = new byte[length - BYTES_OFFSET];
            buffer.getBytes(offset + BYTES_OFFSET, bytes);
            int flags = buffer.getByte(offset + FLAGS_OFFSET);
            return new Block(
                    buffer.getLong(offset, LITTLE_ENDIAN),
                    (flags & FIRST) != 0,
                    (flags & LAST) != 0,
                    ByteBuffer.wrap(bytes));
        }
    };
}
