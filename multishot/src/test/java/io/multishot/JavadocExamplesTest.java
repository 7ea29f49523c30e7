package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the code that the Javadoc and the README show. Tests in the module interop compare the texts. */
class JavadocExamplesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private record Request(String question, Sender<String> sender) {}

    private record Message(long ticket, String question) {}

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final BlockingQueue<Request> mailbox = new LinkedBlockingQueue<>();
    private final Queue<String> questions = new ArrayDeque<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private final Receiver<String> receiver = new Receiver<>();

    String ask(String question) throws InterruptedException {
        // tag::ask[]
        mailbox.add(new Request(question, receiver.sender())); // begins a round
        return receiver.receive(); // ends it
        // end::ask[]
    }

    String ask(String question, Duration patience) throws InterruptedException, TimeoutException {
        mailbox.add(new Request(question, receiver.sender()));
        // tag::timeout[]
        try {
            return receiver.receive(patience);
        } catch (TimeoutException late) {
            receiver.abandon(); // a late answer gets false, and the next round may begin
            throw late;
        }
        // end::timeout[]
    }

    // tag::task[]
    private final Task task = new Task(executor, this::step);

    private void step() {
        while (receiver.poll(task) == Poll.READY) {
            answered(receiver.take()); // and asks the next question
        }
    }
    // end::task[]

    private void answered(String answer) {
        answers.add(answer);
        begin();
    }

    private void begin() {
        String question = questions.poll();
        if (question != null) {
            Sender<String> sender = receiver.sender();
            executor.execute(() -> sender.send(question + "!"));
        }
    }

    private final ReplyTable<String> table = new ReplyTable<>(8);
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private Consumer<Message> wire = messages::add;

    // tag::reply-table[]
    String request(String question, Duration patience) throws InterruptedException, TimeoutException {
        long ticket = table.open(receiver.sender()); // open first, then let the request out
        wire.accept(new Message(ticket, question));
        try {
            return receiver.receive(patience);
        } catch (TimeoutException late) {
            if (table.drop(ticket)) {
                throw late;
            }
            return receiver.receive(); // not dropped: the reply is arriving this instant
        }
    }
    // end::reply-table[]

    String askAll(List<Receiver<String>> replicas) throws InterruptedException {
        // tag::await-any[]
        int first = Receivers.awaitAny(replicas); // the first to reply
        return replicas.get(first).take();
        // end::await-any[]
    }

    private final List<Receiver<String>> receivers = List.of(new Receiver<>(), new Receiver<>(), new Receiver<>());

    // tag::drain[]
    private final Task drain = new Task(executor, this::drain); // one for all

    private void drain() {
        for (Receiver<String> receiver : receivers) {
            while (receiver.poll(drain) == Poll.READY) { // costs one load if it is pending, as before
                handle(receiver.take(), receiver); // and asks the next question, or none
            }
        }
    }
    // end::drain[]

    private void handle(String answer, Receiver<String> from) {
        answers.add(answer + receivers.indexOf(from));
    }

    @AfterEach
    void close() {
        executor.shutdown();
    }

    @Test
    void aFirstRound() throws InterruptedException {
        // tag::first-round[]
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        executor.execute(() -> sender.send("42"));
        String answer = receiver.receive();
        // end::first-round[]
        assertThat(answer).isEqualTo("42");
    }

    @Test
    void askedAndAnswered() throws InterruptedException {
        executor.submit(() -> mailbox.take().sender().send("42"));
        assertThat(ask("6 * 7")).isEqualTo("42");
    }

    @Test
    void askedAndAnsweredTooLate() throws Exception {
        assertThatThrownBy(() -> ask("why?", Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        assertThat(mailbox.take().sender().send("because")).isFalse();
        executor.submit(() -> mailbox.take().sender().send("42"));
        assertThat(ask("6 * 7", PATIENCE)).isEqualTo("42");
    }

    @Test
    void polledByATask() throws InterruptedException {
        questions.addAll(List.of("one", "two", "three"));
        executor.execute(this::begin);
        task.wake();
        assertThat(List.of(answers.take(), answers.take(), answers.take())).containsExactly("one!", "two!", "three!");
    }

    @Test
    void theFirstOfMany() throws InterruptedException {
        Sender<String> slow = receivers.get(0).sender();
        Sender<String> second = receivers.get(1).sender();
        executor.execute(() -> second.send("42"));
        assertThat(askAll(receivers)).isEqualTo("42");
        assertThat(slow.send("too late to be first")).isTrue();
    }

    @Test
    void manyDrainedByOneTask() throws InterruptedException {
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        drain.wake();
        for (int index : List.of(2, 0, 1)) {
            senders.get(index).send("answer ");
            assertThat(answers.take()).isEqualTo("answer " + index);
        }
    }

    @Test
    void aReplyByNumber() throws InterruptedException {
        // tag::reply-by-number[]
        ReplyTable<String> table = new ReplyTable<>(1024); // at most so many in flight

        // who asks: open first, then let the request out
        long ticket = table.open(receiver.sender());
        wire.accept(new Message(ticket, "6 * 7"));

        // who reads the wire
        table.send(ticket, "42");

        // who asked
        String reply = receiver.receive();
        // end::reply-by-number[]
        assertThat(reply).isEqualTo("42");
    }

    @Test
    void requestedAndReplied() throws Exception {
        executor.submit(() -> table.send(messages.take().ticket(), "42"));
        assertThat(request("6 * 7", PATIENCE)).isEqualTo("42");
    }

    @Test
    void requestedAndRepliedTooLate() throws Exception {
        assertThatThrownBy(() -> request("why?", Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        assertThat(table.send(messages.take().ticket(), "because")).isFalse();
    }

    @Test
    void requestedAndRepliedAtTheLastInstant() throws Exception {
        Thread requester = Thread.currentThread();
        wire = message -> {
            Sender<String> claimed = Objects.requireNonNull(table.claim(message.ticket()));
            executor.execute(() -> {
                // it has timed out, and waits without a limit now
                while (requester.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                claimed.send("42");
            });
        };
        assertThat(request("6 * 7", Duration.ZERO)).isEqualTo("42");
    }
}
