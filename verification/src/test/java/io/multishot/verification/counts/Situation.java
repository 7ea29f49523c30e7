package io.multishot.verification.counts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known when an operation is called, so that only the paths that are possible then are followed. Names are
 * short: {@code Receiver.register}.
 *
 * <p>Every situation excludes the checked mode: the constants of {@code Checks} are false, so {@code enter()} returns
 * no visit to close, nothing makes a {@code UseRecord}, and what needs one is impossible. (CountsTest checks that
 * nothing reaches the classes of the checked mode then.)
 */
final class Situation {
    private final Map<String, Boolean> answers = new HashMap<>();
    private final Set<String> impossible = new HashSet<>();
    private final Set<String> beyond = new HashSet<>();
    private final Set<String> same = new HashSet<>();

    /**
     * Assumes no assertions, and stops at the calls of waiters, wakers and callables: guarantees.md counts up to there.
     */
    static Situation withoutAssertions() {
        return new Situation()
                .answering("Checks.FULL", false)
                .answering("Checks.LEAKS", false)
                .without("OverlapCheck$Visit.")
                .without("OverlapCheck$Visits.")
                .without("UseRecord.")
                .upTo("SlotState$Waiter.notifyOf")
                .upTo("Sender.callAbandonWaker")
                .upTo("RoomWakers.wake")
                .upTo("Callable.call");
    }

    /** Assumes that no future owns the receiver or did so last: what only that state calls is impossible. */
    Situation withoutFuture() {
        return without("Receiver.owner")
                .without("Receiver.takeBackFromFuture")
                .without("ReceiveFuture.release")
                .without("ReceiveFuture.concede")
                .without("ReceiveFuture.cancel");
    }

    /** Assumes that this field or method has this value where a conditional jump follows it. */
    Situation answering(String name, boolean answer) {
        answers.put(name, answer);
        return this;
    }

    /** Assumes that no path calls this method, or any method of a class if the name ends in a dot. */
    Situation without(String name) {
        impossible.add(name);
        return this;
    }

    /** Counts calls of this method as nothing. */
    Situation upTo(String name) {
        beyond.add(name);
        return this;
    }

    /** Assumes that every comparison of references in this method finds them equal. */
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
