package io.multishot.verification.lincheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs a scenario in the interleavings of its threads: first those with the fewest thread switches, then those with
 * more, until none is left or the limit is reached.
 */
final class Interleavings {
    /** The limit of the quick tier finds the bugs that take few switches; the deep tier sets a much higher one. */
    private static final int LIMIT = Integer.getInteger("multishot.interleavings", 300);

    /** With fewer than this, the model checker has not noticed that the threads share anything. */
    private static final int AT_LEAST = 10;

    /** Off the heap, because the model checker restores the fields of all objects before each invocation. */
    private static final LongBuffer PLAYED =
            ByteBuffer.allocateDirect(Long.BYTES).asLongBuffer();

    private Interleavings() {}

    /** What the threads of one invocation do. An exception is a failure, and so is a deadlock. */
    @FunctionalInterface
    interface Scenario {
        void play() throws Throwable;
    }

    static void explore(Scenario scenario) {
        PLAYED.put(0, 0);
        Lincheck.runConcurrentTest(LIMIT, () -> {
            PLAYED.put(0, PLAYED.get(0) + 1);
            play(scenario);
        });
        long played = PLAYED.get(0);
        if (Boolean.getBoolean("multishot.interleavings.report")) {
            System.out.println(played + " interleavings" + (played < LIMIT ? ", all there are" : ", the limit"));
        }
        assertThat(played).as("interleavings").isGreaterThanOrEqualTo(AT_LEAST);
    }

    private static void play(Scenario scenario) {
        try {
            scenario.play();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
