package io.multishot.examples.sbe;

/** Checks what comes from the network: a flyweight reads where its fields would be, whatever is there. */
final class Lengths {
    private Lengths() {}

    static void check(int length, int least) {
        if (length < least) {
            throw new IllegalArgumentException("a message of " + length + " bytes is shorter than its " + least);
        }
    }
}
