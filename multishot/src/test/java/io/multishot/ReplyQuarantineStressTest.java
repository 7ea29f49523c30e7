package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

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
 * Many requesters and responders over a slow wire with tickets of few bits. Each request is answered once, but many of
 * them long after their requesters gave up. No reply ever reaches another request, and in the end each ticket is free.
 */
@Tag("stress")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyQuarantineStressTest {
    private static final Exception ERROR = new Exception("says the peer");
    private static final int REQUESTERS = 3;
    private static final int RESPONDERS = 2;

    private record Question(long ticket, long number) {}

    private final ConcurrentLinkedQueue<Question> wire = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong replied = new AtomicLong();
    private final AtomicLong handedOver = new AtomicLong();

    /** Outcomes that a receiver left behind unseen. */
    private final AtomicLong discarded = new AtomicLong();

    @ParameterizedTest(name = "{0} bits, capacity {1}, chosen: {2}")
    @CsvSource({
        "8, 1, false",
        "8, 2, false",
        "8, 255, false", // no bit is left for the generation
        "16, 3, false",
        "16, 65535, false",
        "8, 4, true",
        "8, 255, true",
        "16, 64, true"
    })
    void noReplyReachesAnotherRequest(int bits, int capacity, boolean chosen) throws Exception {
        ReplyTable<Long> table = chosen ? ReplyTable.ofChosenIds(bits, capacity) : ReplyTable.ofBits(bits, capacity);
        int rounds = 4_000;
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> requesters = new ArrayList<>();
            for (int i = 0; i < REQUESTERS; i++) {
                long first = (i + 1L) << 32;
                requesters.add(threads.submit(() -> ask(table, chosen ? bits : 0, first, rounds)));
            }
            List<Future<Void>> others = new ArrayList<>();
            for (int i = 0; i < RESPONDERS; i++) {
                others.add(threads.submit(() -> answer(table)));
            }
            others.add(threads.submit(() -> expire(table)));
            long answered = 0;
            for (Future<Long> requester : requesters) {
                answered += requester.get(100, TimeUnit.SECONDS);
            }
            over.set(true);
            for (Future<Void> other : others) {
                other.get(100, TimeUnit.SECONDS);
            }
            assertThat(replied.get()).isEqualTo((long) REQUESTERS * rounds);
            assertThat(handedOver.get()).isPositive().isBetween(answered, answered + discarded.get());
            assertThat(table.inFlight()).isZero();
            assertThat(table.orphans()).as("every reply has come").isZero();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    /** Returns how many requests were answered, by a value or an error. */
    private long ask(ReplyTable<Long> table, int chosenBits, long first, int rounds) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Receiver<Long> receiver = random.nextBoolean() ? Receiver.recycling() : new Receiver<>();
        long answered = 0;
        for (int round = 0; round < rounds; round++) {
            long number = first + round;
            Sender<Long> sender = receiver.sender();
            boolean timed = random.nextInt(3) == 0;
            long deadline = System.nanoTime() + (timed ? random.nextInt(100_000) : TimeUnit.HOURS.toNanos(1));
            long ticket = ReplyTable.NO_TICKET;
            while (ticket == ReplyTable.NO_TICKET) {
                if (chosenBits == 0) {
                    ticket = table.open(sender, number, deadline);
                } else {
                    long choice = random.nextLong(1, 1L << chosenBits);
                    ticket = table.openAs(choice, sender, number, deadline) ? choice : ReplyTable.NO_TICKET;
                }
                if (ticket == ReplyTable.NO_TICKET) {
                    Thread.yield();
                }
            }
            wire.add(new Question(ticket, number));
            if (random.nextInt(4) == 0) {
                discarded.addAndGet(receiver.abandon() ? 0 : 1);
            } else if (random.nextInt(3) == 0 && table.drop(ticket)) {
                require(receiver.poll(() -> {}) == Poll.DROPPED, "a dropped request is dropped", round);
            } else {
                answered += outcome(receiver, number);
            }
        }
        return answered;
    }

    /** Returns 1 if the request was answered, 0 if it was late. */
    private static int outcome(Receiver<Long> receiver, long number) throws InterruptedException {
        try {
            require(receiver.receive() == number, "the reply is that of another request", (int) number);
            return 1;
        } catch (SenderFailedException failed) {
            boolean late = failed.getCause() instanceof TimeoutException;
            require(late || failed.getCause() == ERROR, "the cause is another one", (int) number);
            return late ? 0 : 1;
        }
    }

    /** Delays some questions behind others. */
    private Void answer(ReplyTable<Long> table) {
        List<Question> delayed = new ArrayList<>();
        while (true) {
            boolean last = over.get();
            Question question = wire.poll();
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (question != null && random.nextInt(4) == 0) {
                delayed.add(question);
            } else if (question != null) {
                answer(table, question);
            } else if (!delayed.isEmpty()) {
                answer(table, delayed.remove(random.nextInt(delayed.size())));
            } else if (last) {
                return null;
            } else {
                Thread.yield();
            }
        }
    }

    private void answer(ReplyTable<Long> table, Question question) {
        Object context = table.context(question.ticket);
        require(context == null || context.equals(question.number), "the context is another one", (int)
                question.number);
        boolean accepted;
        if (question.number % 5 == 0) {
            accepted = table.fail(question.ticket, ERROR);
        } else if (question.number % 5 == 1) {
            Sender<Long> sender = table.claim(question.ticket);
            accepted = sender != null && sender.send(question.number);
        } else {
            accepted = table.send(question.ticket, question.number);
        }
        replied.incrementAndGet();
        handedOver.addAndGet(accepted ? 1 : 0);
    }

    private Void expire(ReplyTable<Long> table) throws InterruptedException {
        while (!over.get()) {
            TimeUnit.MICROSECONDS.sleep(50);
            long now = System.nanoTime();
            if (table.nanosUntilExpiry(now) == 0) {
                table.expire(now);
            }
        }
        return null;
    }
}
