package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** Asks through a queue of the JDK, which lives as long as the requester. */
public abstract class BlockingQueueAsk extends SpinningAsk {
    private final BlockingQueue<Value> replies;

    /**
     * For the queues.
     *
     * @param replies the queue
     */
    protected BlockingQueueAsk(BlockingQueue<Value> replies) {
        this.replies = replies;
    }

    @Override
    Value askAndBlock() throws InterruptedException {
        post(replies);
        return replies.take();
    }

    @Override
    Value askAndSpin() {
        post(replies);
        Value got = replies.poll();
        while (got == null) {
            Thread.onSpinWait();
            got = replies.poll();
        }
        return got;
    }

    @Override
    void reply(Object request, Value value) throws InterruptedException {
        replies.put(value);
    }

    /** A queue of one element under a lock. */
    @Contender("ArrayBlockingQueue(1)")
    public static class ArrayQueue extends BlockingQueueAsk {
        /** For JMH. */
        public ArrayQueue() {
            super(new ArrayBlockingQueue<>(1));
        }
    }

    /** A lock-free queue without a bound. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends BlockingQueueAsk {
        /** For JMH. */
        public TransferQueue() {
            super(new LinkedTransferQueue<>());
        }
    }
}
