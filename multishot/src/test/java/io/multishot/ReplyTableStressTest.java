package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many requesters and responders over a bad wire: replies are duplicate, late or missing, and connections break. Each
 * request ends exactly once, with its own reply or without one, and the sums agree.
 */
@Tag("stress")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyTableStressTest {
    private static final IOException GONE = new IOException("connection gone");
    private static final int REQUESTERS = 3;
    private static final int RESPONDERS = 2;

    /** A question on the wire, with its ticket and its number. */
    private record Question(long ticket, long number) {}

    /** An answer, with the number of its question. */
    private record Answer(long number) {}

    private final ConcurrentLinkedQueue<Question> wire = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    @ParameterizedTest(name = "capacity {0}, rounds {1}")
    @CsvSource({"1, 3000", "2, 3000", "3, 6000", "64, 6000"})
    void eachRequestEndsExactlyOnce(int capacity, int rounds) throws Exception {
        ReplyTable<Answer> table = new ReplyTable<>(capacity);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Account>> requesters = new ArrayList<>();
            for (int i = 0; i < REQUESTERS; i++) {
                long first = (i + 1L) << 32;
                requesters.add(threads.submit(() -> ask(table, first, rounds)));
            }
            List<Future<Void>> others = new ArrayList<>();
            for (int i = 0; i < RESPONDERS; i++) {
                others.add(threads.submit(() -> answer(table)));
            }
            others.add(threads.submit(() -> breakConnections(table)));
            Account all = new Account();
            for (Future<Account> requester : requesters) {
                all.add(requester.get(100, TimeUnit.SECONDS));
            }
            over.set(true);
            for (Future<Void> other : others) {
                other.get(100, TimeUnit.SECONDS);
            }
            assertThat(table.inFlight()).isZero();
            assertThat(all.replies).isEqualTo(accepted.get()).isPositive();
            assertThat(all.failures).isEqualTo(failed.get());
            assertThat(all.replies + all.failures + all.timeouts).isEqualTo((long) REQUESTERS * rounds);
            assertThat(table.refused()).isEqualTo(refused.get()).isPositive();
            for (int i = 0; i < capacity; i++) {
                assertThat(table.open(Receiver.<Answer>recycling().sender())).isNotEqualTo(ReplyTable.NO_TICKET);
            }
            assertThat(table.open(Receiver.<Answer>recycling().sender())).isEqualTo(ReplyTable.NO_TICKET);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private static final class Account {
        private long replies;
        private long failures;
        private long timeouts;

        void add(Account other) {
            replies += other.replies;
            failures += other.failures;
            timeouts += other.timeouts;
        }
    }

    private Account ask(ReplyTable<Answer> table, long first, int rounds) throws InterruptedException {
        Account account = new Account();
        Receiver<Answer> receiver = Receiver.recycling();
        for (int round = 0; round < rounds; round++) {
            Sender<Answer> sender = receiver.sender();
            long ticket = table.open(sender);
            while (ticket == ReplyTable.NO_TICKET) {
                Thread.yield();
                ticket = table.open(sender);
            }
            wire.add(new Question(ticket, first + round));
            Duration patience = Duration.ofNanos(ThreadLocalRandom.current().nextInt(200_000));
            try {
                Answer answer = receive(receiver, table, ticket, patience);
                if (answer == null) {
                    account.timeouts++;
                } else {
                    require(answer.number == first + round, "the reply is that of another request", round);
                    account.replies++;
                }
            } catch (SenderFailedException gone) {
                require(gone.getCause() == GONE, "the cause is another one", round);
                account.failures++;
            }
        }
        return account;
    }

    /** Receives as the Javadoc shows; returns null after a timeout. */
    private static Answer receive(Receiver<Answer> receiver, ReplyTable<Answer> table, long ticket, Duration patience)
            throws InterruptedException {
        try {
            return receiver.receive(patience);
        } catch (TimeoutException late) {
            if (table.drop(ticket)) {
                return null;
            }
            return receiver.receive();
        }
    }

    private Void answer(ReplyTable<Answer> table) {
        while (!over.get() || !wire.isEmpty()) {
            Question question = wire.poll();
            int luck = ThreadLocalRandom.current().nextInt(20);
            if (question == null) {
                Thread.yield();
            } else if (luck > 0) {
                for (int copies = luck == 1 ? 2 : 1; copies > 0; copies--) {
                    answer(table, question, luck);
                }
            }
        }
        return null;
    }

    private void answer(ReplyTable<Answer> table, Question question, int luck) {
        Answer answer = new Answer(question.number);
        boolean taken;
        if (luck % 2 == 0) {
            taken = table.send(question.ticket, answer);
        } else {
            Sender<Answer> sender = table.claim(question.ticket);
            taken = sender != null && sender.send(answer);
        }
        (taken ? accepted : refused).incrementAndGet();
    }

    private Void breakConnections(ReplyTable<Answer> table) throws InterruptedException {
        while (!over.get()) {
            TimeUnit.MICROSECONDS.sleep(200);
            failed.addAndGet(table.failAll(GONE));
        }
        return null;
    }
}
