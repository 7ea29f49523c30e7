package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The rules of the simulator, with small models that run on the test's thread, in a random order. */
class SchedulerTest {
    private final List<String> log = new ArrayList<>();
    private final List<Runnable> commands = new ArrayList<>();
    private final Scheduler scheduler = new Scheduler(commands::add, fault -> log.add("end: " + fault));
    private final Model requester = new Model(scheduler) {};
    private final Model responder = new Model(scheduler) {};

    private Connection<String, String> connect(Model from, BiConsumer<String, Sender<String>> handler) {
        return new Connection<>(from, responder, handler, reply -> log.add(from.now() + " got " + reply));
    }

    private void replyTwoLater(String query, Sender<String> sender) {
        responder.after(2, () -> log.add(responder.now() + " sent " + query + " " + responder.reply(sender, query)));
    }

    private void run(long seed) {
        Random order = new Random(seed);
        scheduler.advance();
        while (!commands.isEmpty()) {
            commands.remove(order.nextInt(commands.size())).run();
        }
    }

    @Test
    void aLateReplyIsRefusedWhileTheNextQueryIsPending() {
        Connection<String, String> connection = connect(requester, this::replyTwoLater);
        requester.after(0, () -> connection.ask("a", 1));
        requester.after(1.5, () -> connection.ask("b", 5));
        requester.after(5, () -> connection.ask("c"));

        run(1);

        assertThat(String.join(", ", log))
                .isEqualTo("2.0 sent a false, 3.5 sent b true, 3.5 got b, 7.0 sent c true, 7.0 got c, end: null");
        assertThat(scheduler.counters.queries.sum()).isEqualTo(3);
        assertThat(scheduler.counters.answered.sum()).isEqualTo(2);
        assertThat(scheduler.counters.givenUp.sum()).isEqualTo(1);
        assertThat(scheduler.counters.refused.sum()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void aReplyAtTheDeadlineIsTooLateInAnyOrder(RepetitionInfo repetition) {
        Connection<String, String> connection = connect(requester, this::replyTwoLater);
        requester.after(0, () -> connection.ask("late", 2));
        requester.after(8, () -> connection.ask("in time", 2.125));

        run(repetition.getCurrentRepetition());

        assertThat(log)
                .containsExactly("2.0 sent late false", "10.0 sent in time true", "10.0 got in time", "end: null");
    }

    @RepeatedTest(20)
    void queriesOfOneTimeArriveInTheOrderOfTheModels(RepetitionInfo repetition) {
        for (String name : List.of("a", "b", "c", "d")) {
            Model model = new Model(scheduler) {};
            Connection<String, String> connection = connect(model, (query, sender) -> {
                log.add(query);
                sender.send("");
            });
            model.after(1, () -> connection.ask(name));
        }
        responder.after(1, () -> log.add("first"));

        run(repetition.getCurrentRepetition());

        assertThat(log).startsWith("first", "a", "b", "c", "d").hasSize(10).endsWith("end: null");
    }

    @Test
    void aQueryThatFailsEndsTheSimulation() {
        Connection<String, String> connection =
                connect(requester, (query, sender) -> sender.fail(new ArithmeticException(query)));
        requester.after(0, () -> connection.ask("1 / 0"));
        run(1);
        assertThat(log).singleElement().asString().startsWith("end: " + SenderFailedException.class.getName());
    }

    @Test
    void anExecutorThatRejectsEndsTheSimulation() {
        Executor rejecting = command -> {
            throw new RejectedExecutionException("shut down");
        };
        Scheduler rejected = new Scheduler(rejecting, fault -> log.add("end: " + fault));
        new Model(rejected) {}.after(0, () -> log.add("ran"));
        rejected.advance();
        assertThat(log).containsExactly("end: java.util.concurrent.RejectedExecutionException: shut down");
    }
}
