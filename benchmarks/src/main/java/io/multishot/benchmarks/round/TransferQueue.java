package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import java.util.concurrent.LinkedTransferQueue;

/** The unbounded queue that java.util.concurrent recommends for handing over. */
@Contender("LinkedTransferQueue")
public class TransferQueue extends QueuePeer {
    /** For JMH. */
    public TransferQueue() {
        super(new LinkedTransferQueue<>());
    }
}
