package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import java.util.concurrent.ArrayBlockingQueue;

/** A queue of one element under a lock. */
@Contender("ArrayBlockingQueue(1)")
public class AskArrayQueue extends BlockingQueueAsk {
    /** For JMH. */
    public AskArrayQueue() {
        super(new ArrayBlockingQueue<>(1));
    }
}
