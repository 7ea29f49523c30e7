package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.RequestTimeoutException;
import io.multishot.SenderFailedException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guide's "A whole client": the test is its server. */
class LineClientTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    // tag::line-client[]
    static final class LineClient implements AutoCloseable {
        private final ReplyTable<String> inFlight = new ReplyTable<>(1024); // of this connection only
        private final ThreadLocal<Receiver<String>> receivers = ThreadLocal.withInitial(Receiver::new);
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final Socket socket;
        private final Duration timeout;

        LineClient(Socket socket, Duration timeout) throws IOException {
            this.socket = socket;
            this.timeout = timeout;
            socket.setTcpNoDelay(true); // a line goes out at once
            clock.scheduleWithFixedDelay(() -> inFlight.expire(System.nanoTime()), 10, 10, TimeUnit.MILLISECONDS);
            new Thread(this::read, "reader").start();
        }

        String ask(String question) throws IOException, InterruptedException { // on any thread
            Receiver<String> receiver = receivers.get();
            try {
                write(open(receiver), question);
                return receiver.receive(); // ends with a reply, at the deadline, or when the connection is lost
            } catch (SenderFailedException failed) {
                throw new IOException("no answer to: " + question, failed.getCause());
            } finally {
                receiver.abandon(); // if the round is over, it does nothing
            }
        }

        CompletableFuture<String> askAsync(String question) throws IOException {
            Receiver<String> receiver = new Receiver<>(); // a thread may have many of these questions at once
            long id = open(receiver);
            CompletableFuture<String> answer = receiver.receiveAsync(); // fails with the cause itself
            answer.whenComplete((reply, failure) -> inFlight.drop(id)); // frees the slot of one that was cancelled
            try {
                write(id, question);
            } catch (IOException failed) {
                inFlight.fail(id, failed);
            }
            return answer;
        }

        private long open(Receiver<String> receiver) throws IOException {
            long id = inFlight.open(receiver.sender(), System.nanoTime() + timeout.toNanos());
            if (id == ReplyTable.NO_TICKET) {
                throw new IOException("too many requests are in flight");
            }
            return id;
        }

        private void write(long id, String question) throws IOException {
            byte[] line = (id + " " + question + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (socket) { // so that lines do not mix
                socket.getOutputStream().write(line);
            }
        }

        private void read() {
            IOException lost = new EOFException("the server has closed the connection");
            try (socket) {
                BufferedReader input =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    int space = line.indexOf(' ');
                    long id = Long.parseLong(line.substring(0, space));
                    String reply = line.substring(space + 1);
                    if (reply.startsWith("error: ")) {
                        inFlight.fail(id, new IOException(reply));
                    } else {
                        inFlight.send(id, reply); // refused, if it is late, a duplicate or unknown
                    }
                }
            } catch (IOException | RuntimeException broken) {
                lost = new IOException("the connection is lost", broken);
            } finally {
                clock.shutdownNow();
                inFlight.close(lost); // every request in flight fails with this; a new connection is a new client
            }
        }

        @Override
        public void close() throws IOException {
            socket.close(); // which ends read()
        }
    }
    // end::line-client[]

    private final ExecutorService requesters = Executors.newFixedThreadPool(3);
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket near = new Socket(listener.getInetAddress(), listener.getLocalPort());
    private final Socket far = listener.accept();
    private final BufferedReader questions =
            new BufferedReader(new InputStreamReader(far.getInputStream(), StandardCharsets.UTF_8));

    LineClientTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        listener.close();
        requesters.shutdownNow();
    }

    private void reply(String line) throws IOException {
        far.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    @Test
    void repliesReachTheirRequestsInAnyOrder() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            List<Future<String>> answers = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (String question : List.of("one", "two", "three")) {
                answers.add(requesters.submit(() -> client.ask(question)));
                lines.add(questions.readLine());
            }
            Collections.reverse(lines);
            for (String line : lines) {
                reply(line.toUpperCase(Locale.ROOT));
            }
            for (String answer : List.of("ONE", "TWO", "THREE")) {
                assertThat(answers.remove(0).get()).isEqualTo(answer);
            }
        }
    }

    @Test
    void anErrorFailsItsRequest() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            Future<String> answer = requesters.submit(() -> client.ask("one"));
            reply(id(questions.readLine()) + " error: no such thing");
            assertThatThrownBy(answer::get)
                    .cause()
                    .hasMessage("no answer to: one")
                    .cause()
                    .hasMessage("error: no such thing");
        }
    }

    @Test
    void lateAndDuplicateRepliesReachNobody() throws Exception {
        try (LineClient client = new LineClient(near, Duration.ofMillis(1))) {
            assertThatThrownBy(() -> client.ask("one")).hasCauseInstanceOf(RequestTimeoutException.class);
            String late = id(questions.readLine());
            Receiver<String> receiver = new Receiver<>(); // of a request without a deadline
            long next = client.inFlight.open(receiver.sender());
            reply(late + " 1");
            reply(next + " 2");
            reply(next + " 2");
            assertThat(receiver.receive()).isEqualTo("2");
            far.close();
            client.clock.awaitTermination(1, TimeUnit.MINUTES);
            assertThat(client.inFlight.refused()).isEqualTo(2);
        }
    }

    @Test
    void aFutureGetsItsAnswerOrTheCauseItself() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            CompletableFuture<String> one = client.askAsync("one");
            CompletableFuture<String> two = client.askAsync("two");
            String first = id(questions.readLine());
            reply(id(questions.readLine()) + " error: no such thing");
            reply(first + " 1");
            assertThat(one.get()).isEqualTo("1");
            assertThatThrownBy(two::get).cause().hasMessage("error: no such thing");
        }
    }

    @Test
    void aFutureThatIsCancelledOrTimesOutFreesItsSlot() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            CompletableFuture<String> cancelled = client.askAsync("one");
            CompletableFuture<String> late = client.askAsync("two").orTimeout(1, TimeUnit.MILLISECONDS);
            assertThat(client.inFlight.inFlight()).isPositive();
            assertThat(cancelled.cancel(false)).isTrue();
            assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
            await().untilAsserted(() -> assertThat(client.inFlight.inFlight()).isZero());
        }
    }

    @Test
    void aFutureWhoseQuestionCannotBeWrittenFails() throws Exception {
        LineClient client = new LineClient(near, LONG);
        near.shutdownOutput();
        assertThatThrownBy(client.askAsync("one")::get).hasCauseInstanceOf(IOException.class);
        client.close();
    }

    @Test
    void aLostConnectionFailsWhatIsInFlightAndWhatComesLater() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            Future<String> answer = requesters.submit(() -> client.ask("one"));
            questions.readLine();
            far.close();
            assertThatThrownBy(answer::get)
                    .cause()
                    .hasMessage("no answer to: one")
                    .hasCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.ask("two"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void anInvalidLineLosesTheConnection() throws Exception {
        try (LineClient client = new LineClient(near, LONG)) {
            Future<String> answer = requesters.submit(() -> client.ask("one"));
            questions.readLine();
            reply("nonsense");
            assertThatThrownBy(answer::get)
                    .cause()
                    .cause()
                    .hasMessage("the connection is lost")
                    .hasCauseInstanceOf(StringIndexOutOfBoundsException.class);
        }
    }

    @Test
    void closeFailsWhatIsInFlight() throws Exception {
        LineClient client = new LineClient(near, LONG);
        Future<String> answer = requesters.submit(() -> client.ask("one"));
        questions.readLine();
        client.close();
        assertThatThrownBy(answer::get).cause().cause().hasMessage("the connection is lost");
    }
}
