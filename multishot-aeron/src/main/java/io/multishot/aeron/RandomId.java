package io.multishot.aeron;

import java.security.SecureRandom;

/** Numbers that tell one requester or responder from all others, and from those before it at the same address. */
final class RandomId {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomId() {}

    /** Never 0, which stands for nobody. */
    static long next() {
        long incarnation;
        do {
            incarnation = RANDOM.nextLong();
        } while (incarnation == 0);
        return incarnation;
    }
}
