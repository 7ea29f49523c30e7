package io.multishot.benchmarks.round;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** A receiver that recycles its sender. */
@Contender(value = "multishot", role = Role.OURS)
public class Multishot extends MultishotRounds {
    /** For JMH. */
    public Multishot() {
        super(new Receiver<>());
    }
}
