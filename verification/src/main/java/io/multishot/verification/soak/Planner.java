package io.multishot.verification.soak;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the plans of a channel's rounds, one after the other. The same seed and channel give the same plans, except
 * that what a channel would not survive is left out: a second use if it is not guarded, a lost sender if nobody
 * watches.
 */
final class Planner {
    private static final Way[] WAYS = Way.values();
    private static final Fault[] FAULTS = Fault.values();

    private final SplittableRandom random;
    private final boolean guarded;
    private final boolean leaks;

    Planner(long seed, int channel, boolean guarded, boolean leaks) {
        this.random = new SplittableRandom(seed * 1_000_003 + channel);
        this.guarded = guarded;
        this.leaks = leaks;
    }

    Plan next() {
        List<Use> uses = uses(random.nextInt(1000), random.nextInt(1000));
        boolean overlapping = random.nextBoolean();
        Pace pace = pace(random.nextInt(100));
        Way way = WAYS[random.nextInt(WAYS.length)];
        Ending ending = ending(random.nextInt(100));
        Fault fault = random.nextInt(100) < 30 ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
        long noise = random.nextLong();
        if (uses.isEmpty()) {
            ending = ending == Ending.CLOSE || ending == Ending.LEAVE_UNSEEN ? Ending.TAKE : ending;
            fault = fault == Fault.THROW || fault == Fault.REJECT ? Fault.NONE : fault;
        }
        return new Plan(uses, overlapping, pace, way, ending, fault, noise);
    }

    private List<Use> uses(int first, int second) {
        if (first == 0 && leaks) {
            return List.of();
        }
        Use use = use(first);
        return second < 60 && guarded ? List.of(use, use(second * 16)) : List.of(use);
    }

    private static Use use(int dice) {
        if (dice < 60) {
            return Use.FAIL;
        }
        return dice < 130 ? Use.DROP : Use.SEND;
    }

    private static Pace pace(int dice) {
        if (dice < 10) {
            return Pace.INLINE;
        }
        if (dice < 50) {
            return Pace.AT_ONCE;
        }
        if (dice < 85) {
            return Pace.SPIN;
        }
        return dice < 97 ? Pace.YIELD : Pace.NAP;
    }

    private static Ending ending(int dice) {
        if (dice < 70) {
            return Ending.TAKE;
        }
        if (dice < 76) {
            return Ending.LEAVE;
        }
        if (dice < 81) {
            return Ending.LEAVE_UNSEEN;
        }
        return dice < 97 ? Ending.ABANDON : Ending.CLOSE;
    }
}
