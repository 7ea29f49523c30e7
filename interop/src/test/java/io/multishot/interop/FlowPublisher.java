package io.multishot.interop;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Task;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a service one question after another, each when the subscriber demands an answer. There is one subscription at a
 * time; the answer that a cancelled one awaited goes to the next one.
 */
final class FlowPublisher implements Flow.Publisher<String> {
    private final Service service;
    private final Iterator<String> questions;
    private final Executor executor;
    private final Receiver<String> receiver;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    /**
     * Whether a round is in progress. A subscription hands this and the receiver to the next one through
     * {@link #subscribed}.
     */
    private boolean asking;

    FlowPublisher(Service service, Iterator<String> questions, Executor executor, Receiver<String> receiver) {
        this.service = service;
        this.questions = questions;
        this.executor = executor;
        this.receiver = receiver;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        boolean accepted = subscribed.compareAndSet(false, true);
        Subscription subscription = new Subscription(subscriber);
        subscription.over = !accepted;
        subscriber.onSubscribe(subscription);
        if (!accepted) {
            subscriber.onError(new IllegalStateException("one subscription at a time"));
        }
    }

    private final class Subscription implements Flow.Subscription {
        private final Flow.Subscriber<? super String> subscriber;
        private volatile boolean cancelled;
        private volatile boolean invalidDemand;
        private boolean over;

        Subscription(Flow.Subscriber<? super String> subscriber) {
            this.subscriber = subscriber;
        }

        // tag::flow[]
        private final AtomicLong demand = new AtomicLong();
        private final Task task = new Task(executor, this::step);

        private void step() { // on the executor, one run at a time
            while (goesOn() && (asking || askNext())) {
                switch (receiver.poll(task)) {
                    case PENDING -> {
                        return; // the answer will wake the task
                    }
                    case READY -> answered(receiver.take());
                    case FAILED, DROPPED -> refused();
                }
            }
        }
        // end::flow[]

        /** Returns true if there is a demand to meet, or the end of the questions to signal. */
        private boolean goesOn() {
            if (!over && cancelled) {
                finish();
            } else if (!over && invalidDemand) {
                finish();
                subscriber.onError(new IllegalArgumentException("a demand must be positive"));
            }
            return !over && (demand.get() > 0 || !asking && !questions.hasNext());
        }

        private boolean askNext() {
            asking = questions.hasNext();
            if (asking) {
                service.ask(questions.next(), receiver.sender());
                return true;
            }
            finish();
            subscriber.onComplete();
            return false;
        }

        private void answered(String answer) {
            asking = false;
            demand.decrementAndGet();
            subscriber.onNext(answer);
        }

        private void refused() {
            asking = false;
            Throwable reason;
            try {
                throw new AssertionError(receiver.take());
            } catch (SenderFailedException failed) {
                reason = failed.getCause();
            } catch (SenderDroppedException dropped) {
                reason = dropped;
            }
            finish();
            subscriber.onError(reason);
        }

        /** Leaves the receiver to the next subscription. */
        private void finish() {
            over = true;
            subscribed.set(false);
        }

        @Override
        public void request(long more) {
            if (more > 0) {
                demand.accumulateAndGet(more, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
            } else {
                invalidDemand = true;
            }
            task.wake();
        }

        @Override
        public void cancel() {
            cancelled = true;
            task.wake();
        }
    }
}
