package io.multishot.examples.simulation;

/**
 * How channels were used, and what they allocated.
 *
 * @param rounds how many rounds were begun: one for each query
 * @param answered how many of them ended with an answer
 * @param givenUp how many were abandoned at their deadline
 * @param refused how many answers came too late and were refused
 * @param senders how many rounds needed a new sender: the first one of each channel, and each one after an abandoned
 *     one
 * @param senderBytes what was allocated when those rounds were begun
 * @param roundBytes what was allocated by everything else: all other beginnings, and what comes after the beginning of
 *     any
 */
record Use(long rounds, long answered, long givenUp, long refused, long senders, long senderBytes, long roundBytes) {
    static final Use NONE = new Use(0, 0, 0, 0, 0, 0, 0);

    Use plus(Use other) {
        return new Use(
                rounds + other.rounds,
                answered + other.answered,
                givenUp + other.givenUp,
                refused + other.refused,
                senders + other.senders,
                senderBytes + other.senderBytes,
                roundBytes + other.roundBytes);
    }

    /** How many rounds were not over at the end. */
    long open() {
        return rounds - answered - givenUp;
    }
}
