package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The rules of the simulator, with small models. */
class SchedulerTest {
    private final Shuffled executor = new Shuffled(1);
    private final List<String> log = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final Scheduler scheduler = new Scheduler(executor, fault -> ends.add(String.valueOf(fault)));

    private void run() {
        scheduler.start();
        executor.runAll();
        assertThat(ends).as("ended, once").hasSize(1);
    }

    /** Asks at some times, and logs the answers. */
    private final class Requester extends Model {
        private final String name;
        private final Requestor<String, String> connection;

        Requester(String name, Oracle oracle) {
            super(scheduler);
            this.name = name;
            this.connection =
                    new Requestor<>(this, oracle.questions, answer -> log.add(now() + " " + name + " got " + answer));
        }

        Requester askAt(double time) {
            after(time, () -> connection.ask(name));
            return this;
        }

        Requester askAt(double time, double patience) {
            after(time, () -> connection.ask(name, patience));
            return this;
        }
    }

    /** Answers as the test wants. */
    private final class Oracle extends Model {
        private final Replier<String, String> questions;

        Oracle(BiConsumer<String, Sender<String>> handler) {
            super(scheduler);
            questions = new Replier<>(this, handler);
        }
    }

    private Oracle answeringAfter(double delay) {
        Oracle[] self = new Oracle[1];
        self[0] = new Oracle((question, sender) -> {
            String answer = question + " of " + self[0].now();
            self[0].after(delay, () -> log.add(self[0].now() + " wanted " + self[0].answer(sender, answer)));
        });
        return self[0];
    }

    @Test
    void anAnswerMayComeLater() {
        new Requester("a", answeringAfter(2)).askAt(1).askAt(4);

        run();

        assertThat(log)
                .containsExactly("3.0 wanted true", "3.0 a got a of 1.0", "6.0 wanted true", "6.0 a got a of 4.0");
        assertThat(ends).containsExactly("null");
    }

    @Test
    void aQueryIsGivenUpAtItsDeadlineAndTheLateAnswerReachesNobody() {
        Oracle oracle = answeringAfter(2);
        Requester requester =
                new Requester("a", oracle).askAt(0, 1).askAt(1.5, 5).askAt(5);

        run();

        assertThat(log)
                .as("the late answer comes while the next query waits for its own")
                .containsExactly(
                        "2.0 wanted false",
                        "3.5 wanted true",
                        "3.5 a got a of 1.5",
                        "7.0 wanted true",
                        "7.0 a got a of 5.0");
        Use asked = requester.meter().use();
        assertThat(asked.rounds()).isEqualTo(3);
        assertThat(asked.answered()).isEqualTo(2);
        assertThat(asked.givenUp()).isEqualTo(1);
        assertThat(asked.open()).isZero();
        assertThat(asked.senders())
                .as("the first one, and one after the abandoned round")
                .isEqualTo(2);
        assertThat(oracle.meter().use().refused()).isEqualTo(1);
    }

    @Test
    void anAnswerAtTheVeryDeadlineIsTooLateAndOneJustBeforeIsNot() {
        for (int seed = 0; seed < 20; seed++) {
            Shuffled shuffled = new Shuffled(seed);
            List<String> order = new ArrayList<>();
            Scheduler clock = new Scheduler(shuffled, fault -> order.add("end " + fault));
            Model oracle = new Model(clock) {};
            Replier<String, String> questions = new Replier<>(
                    oracle,
                    (question, sender) ->
                            oracle.after(2, () -> order.add(question + " " + oracle.answer(sender, question))));
            Model model = new Model(clock) {};
            Requestor<String, String> connection = new Requestor<>(model, questions, order::add);
            model.after(0, () -> connection.ask("late", 2));
            model.after(8, () -> connection.ask("in time", 2.125));

            clock.start();
            shuffled.runAll();

            assertThat(order).containsExactly("late false", "in time true", "in time", "end null");
        }
    }

    @Test
    void queriesOfOneMomentComeInTheOrderOfTheModelsWhoeverIsFaster() {
        for (int seed = 0; seed < 50; seed++) {
            Shuffled shuffled = new Shuffled(seed);
            List<String> order = new ArrayList<>();
            Scheduler clock = new Scheduler(shuffled, fault -> order.add("end " + fault));
            Model oracle = new Model(clock) {};
            Replier<String, String> questions = new Replier<>(oracle, (name, sender) -> {
                order.add(name);
                oracle.answer(sender, name);
            });
            for (String name : List.of("a", "b", "c", "d")) {
                Model model = new Model(clock) {};
                Requestor<String, String> connection = new Requestor<>(model, questions, answer -> {});
                Requestor<String, String> another = new Requestor<>(model, questions, answer -> {});
                model.after(1, () -> connection.ask(name + 1));
                model.after(1, () -> another.ask(name + 2));
            }

            clock.start();
            shuffled.runAll();

            assertThat(order).containsExactly("a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "end null");
        }
    }

    @Test
    void anAnswerIsSeenInTheNextCycleWhoeverIsFaster() {
        for (int seed = 0; seed < 20; seed++) {
            Shuffled shuffled = new Shuffled(seed);
            List<String> order = new ArrayList<>();
            Scheduler clock = new Scheduler(shuffled, fault -> order.add("end " + fault));
            Model oracle = new Model(clock) {};
            Replier<String, String> questions =
                    new Replier<>(oracle, (question, sender) -> oracle.after(2, () -> oracle.answer(sender, question)));
            Model model = new Model(clock) {};
            Requestor<String, String> connection = new Requestor<>(model, questions, order::add);
            model.after(0, () -> connection.ask("answer"));
            model.after(2, () -> order.add("tick"));

            clock.start();
            shuffled.runAll();

            assertThat(order).containsExactly("tick", "answer", "end null");
        }
    }

    @Test
    void aConnectionHasOneQueryAtATime() {
        new Requester("a", answeringAfter(2)).askAt(0).askAt(1);

        run();

        assertThat(ends.get(0)).contains("IllegalStateException").contains("abandon()");
    }

    @Test
    void aModelThatThrowsEndsTheSimulation() {
        Oracle oracle = new Oracle((question, sender) -> {
            throw new IllegalArgumentException("no answer to " + question);
        });
        new Requester("a", oracle).askAt(0).askAt(1);

        run();

        assertThat(ends).containsExactly("java.lang.IllegalArgumentException: no answer to a");
        assertThat(log).isEmpty();
    }

    @Test
    void aQueryThatFailsEndsTheSimulation() {
        new Requester("a", new Oracle((question, sender) -> sender.fail(new IllegalArgumentException("why")))).askAt(0);

        run();

        assertThat(ends.get(0)).startsWith(SenderFailedException.class.getName());
    }

    @Test
    void anExecutorThatRejectsEndsTheSimulation() {
        Executor rejecting = command -> {
            throw new RejectedExecutionException("shut down");
        };
        Scheduler clock = new Scheduler(rejecting, fault -> ends.add(String.valueOf(fault)));
        new Model(clock) {}.after(0, () -> log.add("ran"));

        clock.start();

        assertThat(ends).containsExactly("java.util.concurrent.RejectedExecutionException: shut down");
        assertThat(log).isEmpty();
    }

    @Test
    void nobodyLooksBack() {
        Model model = new Model(scheduler) {};

        assertThatThrownBy(() -> model.after(-1, () -> {})).hasMessage("not a delay: -1.0");
        assertThatThrownBy(() -> model.after(Double.NaN, () -> {})).hasMessage("not a delay: NaN");
    }

    @Test
    void aSimulationWithoutEventsEndsAtOnce() {
        run();

        assertThat(ends).containsExactly("null");
    }
}
