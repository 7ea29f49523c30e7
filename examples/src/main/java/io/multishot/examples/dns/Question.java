package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A question for the IPv4 addresses of a name, encoded once for all queries that ask it. */
public final class Question {
    /** The length of the header of a message, after which its question begins. */
    public static final int HEADER_BYTES = 12;

    static final int MAX_REPLY_BYTES = 1232; // in one unfragmented packet on nearly every path; see RFC 9715
    static final int MAX_NAME_BYTES = 255;
    static final int MAX_LABEL_BYTES = 63;
    static final int TYPE_A_CLASS_IN = 0x0001_0001;
    private static final int TYPE_OPT = 41;
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
        String labels = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        ByteBuffer bytes = ByteBuffer.allocate(labels.length() + 6);
        for (String label : name.equals(".") ? new String[0] : labels.split("\\.", -1)) {
            if (!label.matches("[!-~&&[^\\\\]]{1," + MAX_LABEL_BYTES + "}")) {
                throw new IllegalArgumentException("between two dots there must be 1 to " + MAX_LABEL_BYTES
                        + " characters of printable ASCII, no backslash: write other scripts in Punycode");
            }
            bytes.put((byte) label.length()).put(label.getBytes(US_ASCII));
        }
        int length = bytes.put((byte) 0).position();
        if (length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "the name takes " + length + " bytes in a message: at most " + MAX_NAME_BYTES + " are allowed");
        }
        return new Question(Arrays.copyOf(bytes.putInt(TYPE_A_CLASS_IN).array(), bytes.position()));
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
        boolean isEqual = reply.limit() >= end() && reply.getShort(4) == 1;
        for (int i = 0; isEqual && i < encoded.length; i++) {
            isEqual = Character.toLowerCase(reply.get(HEADER_BYTES + i)) == Character.toLowerCase(encoded[i]);
        }
        return isEqual;
    }

    /**
     * Returns where the question ends in a message.
     *
     * @return the number of bytes before it
     */
    public int end() {
        return HEADER_BYTES + encoded.length;
    }
}
