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
 * The state that the contenders of the one-thread rounds share. Their methods are the scenarios:
 *
 * <ul>
 *   <li><b>ready</b>: the value is sent, then polled for and taken. It is the same long-lived object every time.
 *   <li><b>fresh</b>: ready, with a new value every time, as a real reply is. The collector's barrier has to record
 *       that a long-lived channel points to it; a future that is new itself needs no such record.
 *   <li><b>pending</b>: the receiver polls first, so a waker or callback is registered; sending the value calls it; the
 *       value is taken.
 *   <li><b>replaced</b>: pending, with a second waker that replaces the first before the value comes.
 *   <li><b>dropped</b>: registered as in pending; then the round ends without a value, which the receiver sees.
 *   <li><b>failed</b>: the round ends with a failure, whose cause the receiver gets.
 *   <li><b>tried</b>: ready, with the one call that polls and takes.
 *   <li><b>recycled</b>: sent and never polled for; the next round discards the value.
 * </ul>
 *
 * <p>The sending half goes through a blackhole first, because a real program passes it to another thread. It escapes
 * there, so the compiler can neither keep a new one off the heap nor elide its locks and barriers; the blackhole itself
 * costs nothing.
 *
 * <p>Every method returns what the receiver got, so that nothing is optimized away and a test can check it: the value,
 * the cause of the failure, or true for a drop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// the heap is the same everywhere; the package is opened because Agrona requires it
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class RoundState {
    /**
     * Objects as a program has them on its heap between the constants of a library and the channels that it makes
     * later, because a collector's barriers depend on whether two objects lie in one region. The gaps make the
     * collector move all of them, as it does in time.
     */
    final byte[][] otherObjects = new byte[4096][];

    /** The cause of failures. It has no stack trace, so no figure includes the making of one. */
    final Exception fault = new Fault();

    /** The value that is sent by scenarios that make no new one. */
    final Value value = new Value(-1);

    /** The outcome that the last callback got. */
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
     * Moves all objects made so far to where long-lived objects live, for all contenders alike. Done before each
     * iteration, because some contenders make what they keep in their first round.
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
