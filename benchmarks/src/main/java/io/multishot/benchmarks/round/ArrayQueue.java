package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import java.util.concurrent.ArrayBlockingQueue;

/** The bounded queue of java.util.concurrent, with room for one. */
@Contender("ArrayBlockingQueue(1)")
public class ArrayQueue extends QueuePeer {
    /** For JMH. */
    public ArrayQueue() {
        super(new ArrayBlockingQueue<>(1));
    }
}
