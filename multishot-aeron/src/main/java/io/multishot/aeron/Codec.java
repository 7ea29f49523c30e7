package io.multishot.aeron;

/**
 * Both directions of one type.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> extends Encoder<T>, Decoder<T> {
    /**
     * Arrays of bytes, as they are. Decoding allocates the array.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /**
     * Strings as UTF-8. Lone surrogates become question marks, as in {@link String#getBytes(java.nio.charset.Charset)};
     * bytes that are no UTF-8 become U+FFFD. Encoding allocates nothing; decoding allocates the string and its bytes.
     *
     * @return the codec
     */
    static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }
}
