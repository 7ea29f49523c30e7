package io.multishot.aeron;

import java.security.SecureRandom;

/** Generates the ids of requesters and sessions: random, so that no two are equal, across processes and restarts. */
final class RandomId {
    /** The id of none. */
    static final long NONE = 0;

    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomId() {}

    /** Returns a new id, never {@link #NONE}. */
    static long next() {
        long id;
        do {
            id = RANDOM.nextLong();
        } while (id == NONE);
        return id;
    }
}
