package io.multishot.examples;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that this is all about. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has it", impossible);
        }
    }
}
