package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A question for the IPv4 addresses of a name, encoded once for all queries that ask it. */
public final class Question {
    /** The length of the header of a message, after which its question begins. */
    public static final int HEADER_BYTES = 12;

    /** What fits into one unfragmented packet on nearly every path; see RFC 9715. */
    static final int MAX_REPLY_BYTES = 1232;

    static final int MAX_LABEL_BYTES = 63;
    static final int TYPE_A = 1;
    static final int CLASS_IN = 1;

    private static final int TYPE_OPT = 41;
    private static final int MAX_NAME_BYTES = 255;
    private static final int RECURSION_DESIRED = 0x0100;

    private final byte[] encoded;

    private Question(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * Encodes the question for the addresses of a name.
     *
     * @param name labels of printable ASCII with dots between them; a dot at the end changes nothing
     * @return the question
     * @throws IllegalArgumentException if this is not such a name, or it is too long
     */
    public static Question addressesOf(String name) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_NAME_BYTES + 4);
        String labels = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (!name.equals(".")) {
            for (String label : labels.split("\\.", -1)) {
                putLabel(label, bytes);
            }
        }
        bytes.put((byte) 0).putShort((short) TYPE_A).putShort((short) CLASS_IN);
        return new Question(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static void putLabel(String label, ByteBuffer bytes) {
        if (label.isEmpty()) {
            throw new IllegalArgumentException("a label is empty: write one dot between two labels");
        }
        if (!label.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
            throw new IllegalArgumentException(
                    "a character is not printable ASCII, or a backslash: write other scripts in Punycode");
        }
        if (label.length() > MAX_LABEL_BYTES) {
            throw new IllegalArgumentException(
                    "a label has " + label.length() + " characters: at most " + MAX_LABEL_BYTES + " are allowed");
        }
        if (bytes.position() + 1 + label.length() + 1 > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "the name is too long: it takes more than " + MAX_NAME_BYTES + " bytes in a message");
        }
        bytes.put((byte) label.length()).put(label.getBytes(ISO_8859_1));
    }

    /**
     * Writes a query with this question, which also says how long the reply may be (EDNS0).
     *
     * @param id the query's id, of 16 bits
     * @param query where to write
     */
    public void putQuery(int id, ByteBuffer query) {
        query.putShort((short) id).putShort((short) RECURSION_DESIRED);
        query.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 1);
        query.put(encoded);
        query.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) MAX_REPLY_BYTES);
        query.putInt(0).putShort((short) 0);
    }

    /**
     * Returns whether a reply is to this question. Upper and lower case are the same in names.
     *
     * @param reply the message, from its start to its limit
     * @return true if the reply has this question and no other
     */
    public boolean isRepeatedIn(ByteBuffer reply) {
        if (reply.limit() < end() || reply.getShort(4) != 1) {
            return false;
        }
        for (int i = 0; i < encoded.length; i++) {
            if (lower(reply.get(HEADER_BYTES + i)) != lower(encoded[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns where the question ends in a message.
     *
     * @return the number of bytes before it
     */
    public int end() {
        return HEADER_BYTES + encoded.length;
    }

    /** No length of a label is an upper-case letter, so this can be applied to all bytes of a question. */
    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
