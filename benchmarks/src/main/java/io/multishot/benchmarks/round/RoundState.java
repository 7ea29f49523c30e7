package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Value;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the contenders of the one-thread rounds share. Their methods are the scenarios, and have the same names in each:
 *
 * <ul>
 *   <li><b>ready</b>: the value is sent, then looked for and taken. It is the same long-lived object every time.
 *   <li><b>fresh</b>: ready, with a new value every time, as a real answer is. The collector's barrier has to note that
 *       a long-lived channel points to it; a future that is new itself needs no such note.
 *   <li><b>pending</b>: looked for and not there, so that a waker or callback is registered; sent, which calls that;
 *       taken.
 *   <li><b>replaced</b>: pending, with a second waker that takes the place of the first before the value comes.
 *   <li><b>dropped</b>: registered as in pending; then the round ends without a value, which the receiver sees.
 *   <li><b>failed</b>: the round ends with an exception, whose cause the receiver gets.
 *   <li><b>tried</b>: ready, by the one call that takes a value if there is one.
 *   <li><b>recycled</b>: sent and never looked for; the next round discards the value.
 * </ul>
 *
 * <p>The half that sends goes through a blackhole first, as it goes to another thread in real life. There a compiler
 * loses track of it, so that it can neither keep a new one off the heap nor leave out its locks and barriers; this
 * costs nothing.
 *
 * <p>Every method returns what the receiver got, so that nothing can be optimized away and a test can look at it: the
 * value, the cause of the failure, or true for a drop that was seen.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// the heap is the same everywhere; the package is opened because Agrona asks for it
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class RoundState {
    /**
     * What a program has on its heap between the constants of a library and the channels that it makes later, for
     * collectors care whether two objects lie in one region. With gaps, so that the collector moves all of it, as it
     * does in time.
     */
    final byte[][] otherObjects = new byte[4096][];

    /** Why a round fails. It has no stack trace, so that making one is in nobody's figures. */
    final Exception fault = new Fault();

    /** What is sent, except by the scenarios that make a new one. */
    final Value value = new Value(-1);

    /** What the last callback got, in the contenders that deliver by callback. */
    @Nullable Object received;

    /** How often a waker was called. */
    long woken;

    private long sent;

    /** For the benchmarks that JMH derives from the subclasses. */
    protected RoundState() {
        for (int i = 0; i < otherObjects.length; i++) {
            byte[] other = new byte[4096];
            otherObjects[i] = i % 2 == 0 ? other : new byte[0];
        }
    }

    /**
     * Moves what was made so far to where long-lived objects live, in all contenders alike. Again before each
     * iteration, for some contenders make what they keep in their first round.
     */
    @Setup(Level.Iteration)
    public void settle() {
        System.gc();
        System.gc();
    }

    final Value newValue() {
        return new Value(sent++);
    }

    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault() {
            super("fault", null, false, false);
        }
    }
}
