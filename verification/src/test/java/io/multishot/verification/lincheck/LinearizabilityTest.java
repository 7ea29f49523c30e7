package io.multishot.verification.lincheck;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The calls of the two sides are linearizable, and neither side ever waits for the other. Obstruction freedom is the
 * strongest progress guarantee that the model checker can refute.
 */
@Tag("interleavings")
class LinearizabilityTest {
    private static final int ITERATIONS = Integer.getInteger("multishot.linearizability.iterations", 12);

    /** Enough actors for two and a half rounds, with both wakers, on either side. */
    @ParameterizedTest
    @ValueSource(classes = {ChannelOperations.Recycling.class, ChannelOperations.Safe.class})
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
