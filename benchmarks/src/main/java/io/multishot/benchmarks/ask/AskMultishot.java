package io.multishot.benchmarks.ask;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** A receiver that recycles its sender. */
@Contender(value = "multishot", role = Role.OURS)
public class AskMultishot extends MultishotAsk {
    /** For JMH. */
    public AskMultishot() {
        super(new Receiver<>());
    }
}
