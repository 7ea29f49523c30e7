package io.multishot.benchmarks.neighbours;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** The two cells share a cache line, and so do the two receivers, as neighbours do that are made together. */
@Contender(value = "side by side", role = Role.OURS, place = 1)
public class SideBySide extends Neighbours {
    /** For JMH. */
    public SideBySide() {
        super(false);
    }
}
