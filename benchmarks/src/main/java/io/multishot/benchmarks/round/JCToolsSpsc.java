package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import org.jctools.queues.SpscArrayQueue;

/** The queue of JCTools for one producer and one consumer. */
@Contender("JCTools SpscArrayQueue")
public class JCToolsSpsc extends QueuePeer {
    /** For JMH. */
    public JCToolsSpsc() {
        super(new SpscArrayQueue<>(1));
    }
}
