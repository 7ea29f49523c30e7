package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    private static final String REPLIES = "+OK\r\n-ERR no\r\n:-12\r\n$0\r\n\r\n$4\r\na\r\nb\r\n$-1\r\n*-1\r\n*0\r\n"
            + "*4\r\n*2\r\n:1\r\n*1\r\n$1\r\nx\r\n$-1\r\n*0\r\n-in an array\r\n+last\r\n";

    private static List<String> parse(String text, int first) throws ProtocolException {
        ReplyParser parser = new ReplyParser();
        List<String> replies = new ArrayList<>();
        ByteBuffer input = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        for (int limit : new int[] {first, input.capacity()}) {
            input.limit(limit);
            for (Reply reply = parser.next(input); reply != null; reply = parser.next(input)) {
                replies.add(reply.toString());
            }
        }
        assertThat(input.hasRemaining()).isFalse();
        return replies;
    }

    @Test
    void allKindsOfRepliesAreParsedWhereverTheInputIsSplit() throws ProtocolException {
        for (int first = 0; first <= REPLIES.length(); first++) {
            assertThat(parse(REPLIES, first))
                    .as("first %d bytes, then the rest", first)
                    .containsExactly(
                            "STATUS OK",
                            "ERROR ERR no",
                            "INTEGER -12",
                            "STRING ",
                            "STRING a\r\nb",
                            "NIL ",
                            "NIL ",
                            "ARRAY []",
                            "ARRAY [ARRAY [INTEGER 1, ARRAY [STRING x]], NIL , ARRAY [], ERROR in an array]",
                            "STATUS last");
        }
    }

    @Test
    void nestingTakesNoStack() throws ProtocolException {
        Reply reply =
                new ReplyParser().next(ByteBuffer.wrap(("*1\r\n".repeat(100_000) + ":1\r\n").getBytes(ISO_8859_1)));
        int depth = 0;
        while (reply.kind() == Reply.Kind.ARRAY) {
            reply = reply.elements().get(0);
            depth++;
        }
        assertThat(depth).isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%1\r\n",
                "HTTP/1.1 400\r\n",
                "\r\n",
                "$x\r\n",
                "$-2\r\n",
                "$536870913\r\n",
                "*9999999999\r\n",
                "*\r\n"
            })
    void whatIsNotOfTheProtocolIsRefused(String input) {
        ReplyParser parser = new ReplyParser();
        assertThatThrownBy(() -> parser.next(ByteBuffer.wrap(input.getBytes(ISO_8859_1))))
                .isInstanceOf(ProtocolException.class);
    }
}
