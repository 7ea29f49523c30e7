package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.RequestTimeoutException;
import io.multishot.SenderFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration page's "From a map of futures by id". */
class FromMapsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    /** A wire with room for ids of 16 bits. The test is the other side. */
    private static final class Wire {
        record Message(int id, String text) {}

        final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

        void write(int id, String text) {
            assertThat(id).isBetween(0, 0xFFFF);
            messages.add(new Message(id, text));
        }
    }

    private final Wire wire = new Wire();
    private final ExecutorService requester = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        requester.shutdownNow();
    }

    private final class Before {
        // tag::from-map-before[]
        private final Map<Integer, CompletableFuture<String>> inFlight = new ConcurrentHashMap<>();
        private final AtomicInteger ids = new AtomicInteger();

        String ask(String question, Duration timeout)
                throws InterruptedException, ExecutionException, TimeoutException {
            int id = ids.incrementAndGet() & 0xFFFF; // the wire has room for 16 bits
            CompletableFuture<String> reply = new CompletableFuture<>();
            inFlight.put(id, reply);
            try {
                wire.write(id, question);
                return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                inFlight.remove(id);
            }
        }

        void onReply(int id, String answer) {
            CompletableFuture<String> reply = inFlight.remove(id);
            if (reply != null) {
                reply.complete(answer);
            }
        }

        void onLost(IOException cause) {
            inFlight.values().forEach(reply -> reply.completeExceptionally(cause));
        }
        // end::from-map-before[]
    }

    private final class After {
        // tag::from-map-after[]
        private final ReplyTable<String> inFlight = ReplyTable.ofBits(16, 1024); // of them, so many in flight

        String ask(Receiver<String> receiver, String question, Duration timeout) throws InterruptedException {
            try {
                long id = inFlight.open(receiver.sender(), System.nanoTime() + timeout.toNanos());
                if (id == ReplyTable.NO_TICKET) {
                    throw new RejectedExecutionException("too many requests are in flight");
                }
                wire.write((int) id, question);
                return receiver.receive(); // onTick ends the round if there is no reply in time
            } finally {
                receiver.abandon(); // if the round is over, it does nothing
            }
        }

        void onReply(int id, String answer) {
            inFlight.send(id, answer); // refuses and counts what is late, unknown or a duplicate
        }

        void onTick() { // called now and then, by the thread that reads the wire
            inFlight.expire(System.nanoTime());
        }

        void onLost(IOException cause) {
            inFlight.close(cause); // the next connection gets a new table
        }
        // end::from-map-after[]
    }

    private final Receiver<String> receiver = new Receiver<>();

    @Test
    void bothReturnTheAnswer() throws Exception {
        Before before = new Before();
        Future<String> old = requester.submit(() -> before.ask("one", LONG));
        before.onReply(wire.messages.take().id(), "1");
        assertThat(old.get()).isEqualTo("1");

        After after = new After();
        Future<String> now = requester.submit(() -> after.ask(receiver, "one", LONG));
        after.onReply(wire.messages.take().id(), "1");
        assertThat(now.get()).isEqualTo("1");
    }

    @Test
    void anIdThatComesAgainGivesALateReplyToAnotherRequest() throws Exception {
        Before before = new Before();
        assertThatThrownBy(() -> before.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
        int late = wire.messages.take().id();
        before.ids.addAndGet(0xFFFF); // so many requests later
        Future<String> next = requester.submit(() -> before.ask("two", LONG));
        assertThat(wire.messages.take().id()).isEqualTo(late);
        before.onReply(late, "1");
        assertThat(next.get()).as("the wrong answer").isEqualTo("1");
    }

    @Test
    void aTicketDoesNotComeAgainBeforeItsLateReply() throws Exception {
        After after = new After();
        Future<String> first = requester.submit(() -> after.ask(receiver, "one", Duration.ZERO));
        int late = wire.messages.take().id();
        after.onTick();
        assertThatThrownBy(first::get)
                .cause()
                .isInstanceOf(SenderFailedException.class)
                .hasCauseInstanceOf(RequestTimeoutException.class);

        for (int request = 0; request < 2 * 0xFFFF; request++) {
            long id = after.inFlight.open(receiver.sender());
            assertThat(id).isNotEqualTo(late);
            after.onReply((int) id, "2");
            assertThat(receiver.take()).isEqualTo("2");
        }
        after.onReply(late, "1");
        assertThat(after.inFlight.refused()).isEqualTo(1);
        assertThat(after.inFlight.orphans()).isZero();
    }

    @Test
    void aFutureThatIsPutAfterTheConnectionIsLostWaitsForItsTimeout() {
        Before before = new Before();
        before.onLost(new IOException("the connection is lost"));
        assertThatThrownBy(() -> before.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aTableThatIsClosedRefusesARequestAtOnce() throws Exception {
        After after = new After();
        Future<String> inFlight = requester.submit(() -> after.ask(receiver, "one", LONG));
        wire.messages.take();
        IOException cause = new IOException("the connection is lost");
        after.onLost(cause);
        assertThatThrownBy(inFlight::get)
                .cause()
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isSameAs(cause);
        assertThatThrownBy(() -> after.ask(receiver, "two", LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(receiver.abandon()).as("nothing is left in flight").isFalse();
    }

    @Test
    void aFullTableRefusesARequestAtOnce() throws InterruptedException {
        After after = new After();
        for (int request = 0; request < after.inFlight.capacity(); request++) {
            assertThat(after.inFlight.open(new Receiver<String>().sender())).isNotEqualTo(ReplyTable.NO_TICKET);
        }
        assertThatThrownBy(() -> after.ask(receiver, "one", LONG)).isInstanceOf(RejectedExecutionException.class);
        assertThat(receiver.trySender()).as("the receiver can be used again").isNotNull();
    }
}
