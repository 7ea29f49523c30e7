package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.simulation.Scheduler.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The rules of the simulator, with small models that run in a random order. */
class SchedulerTest {
    private final List<String> log = new ArrayList<>();
    private final Counters counters = new Counters();
    private final Shuffled executor = new Shuffled();
    private final Scheduler scheduler = new Scheduler(executor, counters, fault -> log.add("end: " + fault));

    /** Runs what it is given on the test's thread, in a random order. */
    private static final class Shuffled implements Executor {
        private final List<Runnable> commands = new ArrayList<>();
        private Random order = new Random(1);

        @Override
        public void execute(Runnable command) {
            commands.add(command);
        }

        void runAll() {
            while (!commands.isEmpty()) {
                commands.remove(order.nextInt(commands.size())).run();
            }
        }
    }

    private final class TestModel extends Model {
        TestModel() {
            super(SchedulerTest.this.scheduler);
        }

        Connection<String, String> connect(Model responder, BiConsumer<String, Sender<String>> handler) {
            return new Connection<>(this, responder, handler, reply -> log.add(now() + " got " + reply));
        }

        /** Replies to a query after some time. */
        BiConsumer<String, Sender<String>> replyAfter(double delay) {
            return (query, sender) ->
                    after(delay, () -> log.add(now() + " sent " + query + " " + reply(sender, query)));
        }
    }

    private final TestModel requester = new TestModel();
    private final TestModel responder = new TestModel();

    private void run() {
        scheduler.advance();
        executor.runAll();
    }

    @Test
    void aLateReplyIsRefusedWhileTheNextQueryIsPending() {
        Connection<String, String> connection = requester.connect(responder, responder.replyAfter(2));
        requester.after(0, () -> connection.ask("a", 1));
        requester.after(1.5, () -> connection.ask("b", 5));
        requester.after(5, () -> connection.ask("c"));

        run();

        assertThat(log)
                .containsExactly(
                        "2.0 sent a false",
                        "3.5 sent b true",
                        "3.5 got b",
                        "7.0 sent c true",
                        "7.0 got c",
                        "end: null");
        assertThat(counters.queries.sum()).isEqualTo(3);
        assertThat(counters.answered.sum()).isEqualTo(2);
        assertThat(counters.givenUp.sum()).isEqualTo(1);
        assertThat(counters.refused.sum()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void aReplyAtTheDeadlineIsTooLateInAnyOrder(RepetitionInfo repetition) {
        executor.order = new Random(repetition.getCurrentRepetition());
        Connection<String, String> connection = requester.connect(responder, responder.replyAfter(2));
        requester.after(0, () -> connection.ask("late", 2));
        requester.after(8, () -> connection.ask("in time", 2.125));

        run();

        assertThat(log)
                .containsExactly("2.0 sent late false", "10.0 sent in time true", "10.0 got in time", "end: null");
    }

    @RepeatedTest(20)
    void queriesOfOneTimeArriveInTheOrderOfTheModels(RepetitionInfo repetition) {
        executor.order = new Random(repetition.getCurrentRepetition());
        for (String name : List.of("a", "b", "c", "d")) {
            TestModel model = new TestModel();
            Connection<String, String> connection = model.connect(responder, (query, sender) -> {
                log.add(query);
                sender.drop();
            });
            model.after(1, () -> connection.ask(name));
        }
        responder.after(1, () -> log.add("first"));

        run();

        assertThat(log).startsWith("first", "a", "b", "c", "d");
    }

    @Test
    void aConnectionHasOneQueryAtATime() {
        Connection<String, String> connection = requester.connect(responder, responder.replyAfter(2));
        requester.after(0, () -> connection.ask("a"));
        requester.after(1, () -> connection.ask("b"));
        run();
        assertThat(log)
                .singleElement()
                .asString()
                .contains("IllegalStateException")
                .contains("abandon()");
    }

    @Test
    void aQueryThatFailsEndsTheSimulation() {
        Connection<String, String> connection =
                requester.connect(responder, (query, sender) -> sender.fail(new ArithmeticException(query)));
        requester.after(0, () -> connection.ask("1 / 0"));
        run();
        assertThat(log).singleElement().asString().startsWith("end: " + SenderFailedException.class.getName());
    }

    @Test
    void anExecutorThatRejectsEndsTheSimulation() {
        Executor rejecting = command -> {
            throw new RejectedExecutionException("shut down");
        };
        Scheduler rejected = new Scheduler(rejecting, counters, fault -> log.add("end: " + fault));
        new Model(rejected) {}.after(0, () -> log.add("ran"));
        rejected.advance();
        assertThat(log).containsExactly("end: java.util.concurrent.RejectedExecutionException: shut down");
    }
}
