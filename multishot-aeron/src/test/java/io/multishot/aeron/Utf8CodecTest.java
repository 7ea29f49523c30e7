package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8CodecTest {
    private static void assertEncodesAsTheJdk(String text) {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        int length = Codec.utf8().length(text);
        assertThat(length).isEqualTo(expected.length);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[length + 2]);
        Codec.utf8().encode(text, buffer, 1);
        byte[] encoded = new byte[length];
        buffer.getBytes(1, encoded);
        assertThat(encoded).isEqualTo(expected);
        assertThat(buffer.getByte(0)).isZero();
        assertThat(buffer.getByte(length + 1)).isZero();
        assertThat(Codec.utf8().decode(buffer, 1, length)).isEqualTo(new String(expected, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\u0000\u007f",
                "\u0080\u07ff",
                "\u0800\uffff",
                "\ud7ff\ue000",
                "\ud83d\ude00",
                "\ud83d",
                "\ude00",
                "\ude00\ud83d",
                "a\ud83db",
                "\ud83d\ud83d\ude00",
                "\ud800\udc00\udbff\udfff"
            })
    void encodesBoundariesAsTheJdk(String text) {
        assertEncodesAsTheJdk(text);
    }

    @Test
    void encodesRandomStringsAsTheJdk() {
        Random random = new Random(7);
        int[] bounds = {0x80, 0x800, 0x10000};
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                boolean surrogate = random.nextInt(4) == 0;
                text.append((char)
                        (surrogate ? 0xD800 + random.nextInt(0x800) : random.nextInt(bounds[random.nextInt(3)])));
            }
            assertEncodesAsTheJdk(text.toString());
        }
    }
}
