package io.multishot.verification.lincheck;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the two sides do at once, it is as if they had done it one after the other; and neither ever waits for the
 * other: obstruction-freedom is the strongest progress that the model checker can refute.
 */
@Tag("interleavings")
class LinearizabilityTest {
    private static final int ITERATIONS = Integer.getInteger("multishot.linearizability.iterations", 12);

    /** Enough actors for two rounds and a half, with both wakers, on either side. */
    @ParameterizedTest
    @ValueSource(classes = {ChannelOperations.Recycling.class, ChannelOperations.Guarded.class})
    void channelIsLinearizableAndNobodyWaits(Class<?> operations) {
        new ModelCheckingOptions()
                .sequentialSpecification(SequentialChannel.class)
                .checkObstructionFreedom(true)
                .iterations(ITERATIONS)
                .invocationsPerIteration(Integer.getInteger("multishot.interleavings", 300))
                .threads(2)
                .actorsBefore(2)
                .actorsPerThread(5)
                .actorsAfter(2)
                .check(operations);
    }
}
