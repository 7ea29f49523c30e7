package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** Receivers that recycle their senders. */
@Contender(value = "multishot", role = Role.OURS)
public class InFlightMultishot extends MultishotInFlight {
    /** For JMH. */
    public InFlightMultishot() {
        super(Receiver::new);
    }
}
