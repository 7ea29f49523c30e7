package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.Exchanger;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/** Meeting points of the JDK, at which the responder waits for the requester, too. */
public final class Rendezvous {
    private Rendezvous() {}

    /** A meeting point: the responder waits until the requester has come. */
    @Contender("Exchanger")
    public static class WithExchanger extends ParkingAsk {
        private final Exchanger<@Nullable Value> replies = new Exchanger<>();

        /** For JMH. */
        public WithExchanger() {}

        @Override
        Value askAndBlock() throws InterruptedException {
            post(replies);
            return replies.exchange(null);
        }

        @Override
        void reply(Object request, Value value) throws InterruptedException {
            replies.exchange(value);
        }
    }

    /** A queue without room: the responder waits until the requester has come. */
    @Contender("SynchronousQueue")
    public static class WithSynchronousQueue extends ParkingAsk {
        private final SynchronousQueue<Value> replies = new SynchronousQueue<>();

        /** For JMH. */
        public WithSynchronousQueue() {}

        @Override
        Value askAndBlock() throws InterruptedException {
            post(replies);
            return replies.take();
        }

        @Override
        void reply(Object request, Value value) throws InterruptedException {
            replies.put(value);
        }
    }
}
