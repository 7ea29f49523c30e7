package io.multishot.aeron;

/**
 * Encodes and decodes the messages of one type.
 *
 * @param <T> the type of the messages
 * @since 0.1.0
 */
public interface Codec<T> extends Encoder<T>, Decoder<T> {
    /**
     * Returns a codec that copies byte arrays unchanged. Decoding allocates the array.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /**
     * Returns a codec for strings in UTF-8. Unpaired surrogates become question marks, as in
     * {@link String#getBytes(java.nio.charset.Charset)}; malformed bytes become U+FFFD. Encoding allocates nothing;
     * decoding allocates the string and its bytes.
     *
     * @return the codec
     */
    static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }
}
