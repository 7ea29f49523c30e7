package io.multishot.verification.soak;

import java.util.List;

/**
 * What shall happen in a round.
 *
 * @param uses what the sender is used for, more than once on purpose; not at all if it is to be lost
 * @param overlapping whether several uses are made by as many threads at once, or by one in sequence
 * @param pace when
 * @param way how the receiver waits
 * @param ending how the receiver means to end the round
 * @param fault what goes wrong besides
 * @param noise for all smaller decisions
 */
record Plan(List<Use> uses, boolean overlapping, Pace pace, Way way, Ending ending, Fault fault, long noise) {
    Plan {
        uses = List.copyOf(uses);
    }

    boolean isLeak() {
        return uses.isEmpty();
    }

    /** Some bits of the noise: a number from 0 to 255 that is different for each index. */
    int dice(int index) {
        return (int) (noise >>> (8 * index)) & 0xff;
    }
}
