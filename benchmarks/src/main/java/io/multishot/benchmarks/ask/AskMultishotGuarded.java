package io.multishot.benchmarks.ask;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** A receiver that makes a new sender for each question. */
@Contender(value = "multishot, guarded", role = Role.OURS, place = 1)
public class AskMultishotGuarded extends MultishotAsk {
    /** For JMH. */
    public AskMultishotGuarded() {
        super(Receiver.guarded());
    }
}
