package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel in a Pekko actor. Unlike the ask pattern, it needs no temporary actor and no future for each question. */
class PekkoTest {
    private static final int ROUNDS = 1000;

    private sealed interface Command {}

    private record Ask(String question) implements Command {}

    private record AskThroughFuture(String question) implements Command {}

    /** Makes the actor wait: messages that come meanwhile are processed in their order afterwards. */
    private record Pause(CountDownLatch begun, CountDownLatch end) implements Command {}

    private record Answer(@Nullable String value, @Nullable Throwable failure) implements Command {}

    private enum Signal implements Command {
        POLL,
        STOP_LISTENING,
        LISTEN,
        GIVE_UP
    }

    private final Service service = new Service();
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();
    private final ActorSystem<Command> requester = ActorSystem.create(Behaviors.setup(Requester::new), "requester");

    private final class Requester extends AbstractBehavior<Command> {
        private final ActorRef<Command> self;
        private final Waker waker;
        private final Receiver<String> receiver = new Receiver<>();
        private boolean asking;

        Requester(ActorContext<Command> context) {
            super(context);
            self = context.getSelf();
            waker = () -> self.tell(Signal.POLL);
        }

        @Override
        public Receive<Command> createReceive() {
            return newReceiveBuilder()
                    .onMessage(Ask.class, ask -> ask(ask.question()))
                    .onMessageEquals(Signal.POLL, this::poll)
                    .onMessageEquals(Signal.STOP_LISTENING, this::stopListening)
                    .onMessageEquals(Signal.LISTEN, this::listen)
                    .onMessageEquals(Signal.GIVE_UP, this::giveUp)
                    .onMessage(Pause.class, this::pause)
                    .onMessage(AskThroughFuture.class, ask -> askThroughFuture(ask.question()))
                    .onMessage(Answer.class, this::answer)
                    .onSignal(PostStop.class, stop -> close())
                    .build();
        }

        // tag::pekko[]
        private Behavior<Command> ask(String question) {
            service.ask(question, receiver.sender());
            asking = true;
            return poll();
        }

        private Behavior<Command> poll() { // at once, and when the waker's message comes
            if (asking && receiver.poll(waker) != Poll.PENDING) {
                asking = false;
                outcome();
            }
            return this;
        }
        // end::pekko[]

        private void outcome() {
            try {
                outcomes.add(receiver.take());
            } catch (SenderFailedException failed) {
                outcomes.add(failed.getCause());
            } catch (SenderDroppedException dropped) {
                outcomes.add(dropped);
            }
        }

        private Behavior<Command> stopListening() {
            asking = false;
            outcomes.add(Signal.STOP_LISTENING);
            return this;
        }

        private Behavior<Command> listen() {
            asking = true;
            return poll();
        }

        private Behavior<Command> giveUp() {
            asking = false;
            outcomes.add(receiver.abandon());
            return this;
        }

        // tag::pekko-pipe[]
        private Behavior<Command> askThroughFuture(String question) {
            service.ask(question, receiver.sender());
            getContext().pipeToSelf(receiver.receiveAsync(), Answer::new);
            return this;
        }
        // end::pekko-pipe[]

        private Behavior<Command> pause(Pause pause) throws InterruptedException {
            pause.begun().countDown();
            pause.end().await();
            return this;
        }

        private Behavior<Command> answer(Answer answer) {
            outcomes.add(answer.value() != null ? answer.value() : answer.failure());
            return this;
        }

        private Behavior<Command> close() {
            receiver.close();
            return this;
        }
    }

    @AfterEach
    void close() {
        requester.terminate();
        requester.getWhenTerminated().toCompletableFuture().join();
        service.close();
    }

    @Test
    void aValueArrives() throws Exception {
        requester.tell(new Ask("6 * 7"));
        assertThat(outcomes.take()).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() throws Exception {
        requester.tell(new Ask("1 / 0"));
        assertThat(outcomes.take()).isSameAs(service.undefined);
    }

    @Test
    void aDropIsSeen() throws Exception {
        requester.tell(new Ask("nobody knows"));
        assertThat(outcomes.take()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void anActorThatStopsListeningLeavesTheValueInTheChannel() throws Exception {
        requester.tell(new Ask("why?"));
        requester.tell(Signal.STOP_LISTENING);
        assertThat(outcomes.take()).isEqualTo(Signal.STOP_LISTENING);
        assertThat(service.answerLate("because")).isTrue();
        assertThat(outcomes).isEmpty();
        requester.tell(Signal.LISTEN);
        assertThat(outcomes.take()).isEqualTo("because");
    }

    @Test
    void anActorAbandonsARoundAndGoesOn() throws Exception {
        requester.tell(new Ask("why?"));
        requester.tell(Signal.GIVE_UP);
        assertThat(outcomes.take()).isEqualTo(true);
        requester.tell(new Ask("6 * 7"));
        assertThat(outcomes.take()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void anOutcomeThatComesBeforeTheActorStopsListeningStaysInTheChannel() throws Exception {
        requester.tell(new Ask("why?"));
        CountDownLatch end = pause();
        requester.tell(Signal.STOP_LISTENING);
        assertThat(service.answerLate("because")).isTrue();
        end.countDown();
        assertThat(outcomes.take()).isEqualTo(Signal.STOP_LISTENING);
        pause().countDown(); // until the message of the waker is processed
        assertThat(outcomes).isEmpty();
        requester.tell(Signal.LISTEN);
        assertThat(outcomes.take()).isEqualTo("because");
    }

    @Test
    void aPipedAnswerReachesAnActorThatGaveTheRoundUpBeforeItWasProcessed() throws Exception {
        requester.tell(new AskThroughFuture("why?"));
        CountDownLatch end = pause();
        requester.tell(Signal.GIVE_UP);
        requester.tell(new AskThroughFuture("6 * 7"));
        assertThat(service.answerLate("because")).isTrue();
        end.countDown();
        assertThat(outcomes.take()).as("there was nothing to abandon").isEqualTo(false);
        assertThat(outcomes.take()).isEqualTo("because");
        assertThat(outcomes.take()).isEqualTo("42");
    }

    /** Pauses the actor, and returns the latch that ends the pause. */
    private CountDownLatch pause() throws InterruptedException {
        Pause pause = new Pause(new CountDownLatch(1), new CountDownLatch(1));
        requester.tell(pause);
        pause.begun().await();
        return pause.end();
    }

    @Test
    void oneChannelServesEveryRound() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            requester.tell(new Ask("6 * 7"));
            assertThat(outcomes.take()).isEqualTo("42");
        }
    }

    @Test
    void aFutureIsPipedToTheActor() throws Exception {
        requester.tell(new AskThroughFuture("6 * 7"));
        assertThat(outcomes.take()).isEqualTo("42");
        requester.tell(new AskThroughFuture("1 / 0"));
        assertThat(outcomes.take()).isSameAs(service.undefined);
        requester.tell(new AskThroughFuture("nobody knows"));
        assertThat(outcomes.take()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aPipedFutureIsCancelledWhenTheActorAbandonsTheRound() throws Exception {
        requester.tell(new AskThroughFuture("why?"));
        requester.tell(Signal.GIVE_UP);
        assertThat(outcomes.take()).isEqualTo(true);
        assertThat(outcomes.take()).isInstanceOf(CancellationException.class);
        requester.tell(new AskThroughFuture("6 * 7"));
        assertThat(outcomes.take()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }
}
