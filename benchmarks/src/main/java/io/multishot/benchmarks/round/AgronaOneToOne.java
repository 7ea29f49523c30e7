package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/** The queue of Agrona for one producer and one consumer. */
@Contender("Agrona OneToOneConcurrentArrayQueue")
public class AgronaOneToOne extends QueuePeer {
    /** For JMH. */
    public AgronaOneToOne() {
        super(new OneToOneConcurrentArrayQueue<>(1));
    }
}
