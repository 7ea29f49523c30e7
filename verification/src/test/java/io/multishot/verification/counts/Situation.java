package io.multishot.verification.counts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known when an operation is called, so that only the paths that are possible then are followed. Names are
 * short: {@code Receiver.register}.
 *
 * <p>The checked mode is outside in every situation: {@code Receiver.CHECKED} is false; so {@code enter()} returns no
 * visit to close, and nothing makes a {@code UseRecord}, so whatever needs one is impossible. (CountsTest checks that
 * nothing reaches the checked mode's classes then.)
 */
final class Situation {
    private final Map<String, Boolean> answers = new HashMap<>();
    private final Set<String> impossible = new HashSet<>();
    private final Set<String> beyond = new HashSet<>();
    private final Set<String> same = new HashSet<>();

    /**
     * No assertions; the work of a waiter, a waker or a callable is not the channel's: the README counts up to calling
     * it.
     */
    static Situation withoutAssertions() {
        return new Situation()
                .answering("Receiver.CHECKED", false)
                .without("OverlapCheck$Visit.")
                .without("OverlapCheck$Visits.")
                .without("UseRecord.")
                .upTo("SlotState$Waiter.notifyOf")
                .upTo("Sender.callAbandonWaker")
                .upTo("Callable.call");
    }

    /** No future owns the receiver or did so last. That is recognised by what only such a state calls. */
    Situation withoutFuture() {
        return without("Receiver.owner")
                .without("Receiver.reclaim")
                .without("ReceiveFuture.release")
                .without("ReceiveFuture.concede")
                .without("ReceiveFuture.cancel");
    }

    /** This field or method gives this answer to the test that follows it. */
    Situation answering(String name, boolean answer) {
        answers.put(name, answer);
        return this;
    }

    /** Paths that call this are not followed: they cannot happen. A name that ends in a dot means the whole class. */
    Situation without(String name) {
        impossible.add(name);
        return this;
    }

    /** Calls of this count for nothing. */
    Situation upTo(String name) {
        beyond.add(name);
        return this;
    }

    /** Every comparison of references in this method finds them the same. */
    Situation sameIn(String name) {
        same.add(name);
        return this;
    }

    Boolean answer(String name) {
        return answers.get(name);
    }

    boolean isImpossible(String name) {
        return impossible.contains(name) || impossible.contains(name.substring(0, name.indexOf('.') + 1));
    }

    boolean isBeyond(String name) {
        return beyond.contains(name);
    }

    boolean isSameIn(String name) {
        return same.contains(name);
    }
}
