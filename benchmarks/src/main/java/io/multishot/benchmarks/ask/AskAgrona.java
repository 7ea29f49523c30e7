package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/** Agrona's array queue. */
@Contender("Agrona OneToOneConcurrentArrayQueue")
public class AskAgrona extends SpscAsk {
    /** For JMH. */
    public AskAgrona() {
        super(new OneToOneConcurrentArrayQueue<>(1));
    }
}
