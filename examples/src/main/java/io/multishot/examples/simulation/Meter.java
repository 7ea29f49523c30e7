package io.multishot.examples.simulation;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Counts the queries of one model, and the bytes that its channels allocate.
 *
 * <p>What is measured: each call into a channel, of each round, on the thread that makes it. The JVM's counter of the
 * bytes that this thread has allocated is read before and after. Three sections make a round: beginning it and
 * registering for its outcome; sending, with the call of the waker; finding and taking the outcome, or abandoning the
 * round. Not measured is what belongs to the models: questions, answers, requests, events.
 *
 * <p>The counter cannot tell whose bytes they are. When the JVM links a call for the first time, or replaces compiled
 * code, it allocates on the thread that happens to make the call. So the first replications show some thousand bytes
 * that are no channel's; {@link Report#ofChannels} says how they are told apart.
 */
final class Meter {
    private static final @Nullable ThreadMXBean THREADS = counter();

    private long rounds;
    private long answered;
    private long givenUp;
    private long refused;
    private long senders;
    private long senderBytes;
    private long roundBytes;

    private static @Nullable ThreadMXBean counter() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
                        && bean.isThreadAllocatedMemorySupported()
                        && bean.isThreadAllocatedMemoryEnabled()
                ? bean
                : null;
    }

    /** Whether this JVM counts what a thread allocates. */
    static boolean canMeasure() {
        return THREADS != null;
    }

    /** The bytes that this thread has allocated so far; 0 on a JVM that does not count. */
    static long allocated() {
        return THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
    }

    /** A round was begun, on a new sender (after which the others recycle it) or on the last one. */
    void begun(long bytes, boolean isNewSender) {
        rounds++;
        if (isNewSender) {
            senders++;
            senderBytes += bytes;
        } else {
            roundBytes += bytes;
        }
    }

    void sent(long bytes, boolean isWanted) {
        roundBytes += bytes;
        if (!isWanted) {
            refused++;
        }
    }

    void answered(long bytes) {
        answered++;
        roundBytes += bytes;
    }

    void givenUp(long bytes) {
        givenUp++;
        roundBytes += bytes;
    }

    long rounds() {
        return rounds;
    }

    Use use() {
        return new Use(rounds, answered, givenUp, refused, senders, senderBytes, roundBytes);
    }
}
