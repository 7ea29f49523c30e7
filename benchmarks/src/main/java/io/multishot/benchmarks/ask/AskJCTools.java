package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import org.jctools.queues.SpscArrayQueue;

/** JCTools' array queue. */
@Contender("JCTools SpscArrayQueue")
public class AskJCTools extends SpscAsk {
    /** For JMH. */
    public AskJCTools() {
        super(new SpscArrayQueue<>(1));
    }
}
