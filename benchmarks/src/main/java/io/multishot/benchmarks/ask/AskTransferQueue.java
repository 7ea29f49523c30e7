package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import java.util.concurrent.LinkedTransferQueue;

/** A lock-free queue without a bound. */
@Contender("LinkedTransferQueue")
public class AskTransferQueue extends BlockingQueueAsk {
    /** For JMH. */
    public AskTransferQueue() {
        super(new LinkedTransferQueue<>());
    }
}
