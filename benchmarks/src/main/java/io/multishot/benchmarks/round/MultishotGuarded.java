package io.multishot.benchmarks.round;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** A receiver that makes a new sender for each round. */
@Contender(value = "multishot, guarded", role = Role.OURS, place = 1)
public class MultishotGuarded extends MultishotRounds {
    /** For JMH. */
    public MultishotGuarded() {
        super(Receiver.guarded());
    }
}
