package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** Receivers that make a new sender for each question. */
@Contender(value = "multishot, guarded", role = Role.OURS, place = 1)
public class InFlightMultishotGuarded extends MultishotInFlight {
    /** For JMH. */
    public InFlightMultishotGuarded() {
        super(Receiver::guarded);
    }
}
