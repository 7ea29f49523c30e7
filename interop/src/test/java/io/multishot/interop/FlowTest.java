package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;

/** A channel behind a {@link Flow.Publisher}, which begins a round when there is demand. */
class FlowTest {
    private static final int ROUNDS = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String COMPLETE = "complete";

    private final Service service = new Service();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Receiver<String> receiver = new Receiver<>();

    @AfterEach
    void close() throws Exception {
        settle();
        receiver.close();
        executor.shutdown();
        service.close();
    }

    @Test
    void valuesArriveOnDemand() throws Exception {
        Subscriber subscriber = subscribe(publisher("6 * 7", "why?", "6 * 7"));
        subscriber.subscription.request(1);
        assertThat(subscriber.signals.take()).isEqualTo("42");
        settle();
        // "why?" has not been asked, or its sender would be live
        receiver.sender().drop();
        assertThat(subscriber.signals).isEmpty();

        subscriber.subscription.request(Long.MAX_VALUE);
        subscriber.subscription.request(Long.MAX_VALUE);
        settle();
        assertThat(service.answerLate("because")).isTrue();
        assertThat(List.of(subscriber.signals.take(), subscriber.signals.take(), subscriber.signals.take()))
                .containsExactly("because", "42", COMPLETE);
    }

    @Test
    void aFailureIsAnErrorWithItsVeryCauseAndTheNextSubscriberGetsTheNextRound() throws Exception {
        FlowPublisher publisher = publisher("1 / 0", "6 * 7");
        Subscriber first = subscribe(publisher);
        first.subscription.request(2);
        assertThat(first.signals.take()).isSameAs(service.undefined);
        Subscriber second = subscribe(publisher);
        second.subscription.request(2);
        assertThat(second.signals.take()).isEqualTo("42");
        assertThat(second.signals.take()).isEqualTo(COMPLETE);
    }

    @Test
    void aDropIsAnError() throws Exception {
        Subscriber subscriber = subscribe(publisher("nobody knows"));
        subscriber.subscription.request(1);
        assertThat(subscriber.signals.take()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aCancelledSubscriptionLeavesItsAnswerToTheNext() throws Exception {
        FlowPublisher publisher = publisher("why?");
        Subscriber first = subscribe(publisher);
        first.subscription.request(1);
        settle();
        first.subscription.cancel();
        settle();
        Subscriber second = subscribe(publisher);
        second.subscription.request(1);
        settle();
        assertThat(second.signals).isEmpty();
        assertThat(service.answerLate("because")).isTrue();
        assertThat(second.signals.take()).isEqualTo("because");
        assertThat(second.signals.take()).isEqualTo(COMPLETE);
        assertThat(first.signals).isEmpty();
    }

    @Test
    void theOwnerAbandonsACancelledRoundAndGoesOn() throws Exception {
        FlowPublisher publisher = publisher("why?", "6 * 7");
        Subscriber first = subscribe(publisher);
        first.subscription.request(1);
        settle();
        first.subscription.cancel();
        settle();
        assertThat(receiver.abandon()).isTrue();
        Subscriber second = subscribe(publisher);
        second.subscription.request(1);
        // the second subscription took over a round that was abandoned
        assertThat(second.signals.take()).isInstanceOf(SenderDroppedException.class);
        Subscriber third = subscribe(publisher);
        third.subscription.request(1);
        assertThat(third.signals.take()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void aSecondSubscriptionAndADemandOfZeroAreErrors() throws Exception {
        FlowPublisher publisher = publisher("6 * 7");
        Subscriber first = subscribe(publisher);
        assertThat(subscribe(publisher).signals.take()).isInstanceOf(IllegalStateException.class);
        first.subscription.request(0);
        assertThat(first.signals.take()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneChannelServesEveryRound() {
        FlowPublisher publisher = publisher(Collections.nCopies(ROUNDS, "6 * 7").toArray(String[]::new));
        assertThat(JdkFlowAdapter.flowPublisherToFlux(publisher)
                        .limitRate(3)
                        .collectList()
                        .block(PATIENCE))
                .hasSize(ROUNDS)
                .containsOnly("42");
    }

    private FlowPublisher publisher(String... questions) {
        return new FlowPublisher(service, List.of(questions).iterator(), executor, receiver);
    }

    private static Subscriber subscribe(Flow.Publisher<String> publisher) {
        Subscriber subscriber = new Subscriber();
        publisher.subscribe(subscriber);
        return subscriber;
    }

    /** Waits for the runs that the executor was given, and for those that they submit. */
    private void settle() throws InterruptedException, ExecutionException {
        executor.submit(() -> {}).get();
        executor.submit(() -> {}).get();
    }

    private static final class Subscriber implements Flow.Subscriber<String> {
        private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(String answer) {
            signals.add(answer);
        }

        @Override
        public void onError(Throwable cause) {
            signals.add(cause);
        }

        @Override
        public void onComplete() {
            signals.add(COMPLETE);
        }
    }
}
