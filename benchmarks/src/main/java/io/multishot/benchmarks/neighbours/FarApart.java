package io.multishot.benchmarks.neighbours;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** No two objects share a cache line. */
@Contender(value = "far apart", role = Role.OURS)
public class FarApart extends Neighbours {
    /** For JMH. */
    public FarApart() {
        super(true);
    }
}
