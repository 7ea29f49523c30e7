package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many requesters and responders over a slow wire with tickets of few bits. Many replies come long after their
 * requesters gave up, some never, and some again and again. No reply ever reaches another request, unless it is a
 * duplicate whose ticket has recurred. {@code releaseOrphans} frees what is never answered. In the end each ticket is
 * free.
 */
@Tag("stress")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyQuarantineStressTest {
    private static final int REQUESTERS = 3;
    private static final int RESPONDERS = 2;
    private static final int ROUNDS = 4_000;
    private static final int REQUESTS = REQUESTERS * ROUNDS;

    /**
     * A request.
     *
     * @param before how many requests were opened before this one, at least
     * @param after how many were opened up to this one, at most
     */
    private record Question(long number, long ticket, long before, long after) {}

    /** An error that the peer replies. */
    private static final class PeerError extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Question question;

        PeerError(Question question) {
            super("says the peer", null, false, false);
            this.question = question;
        }
    }

    private final ConcurrentLinkedQueue<Question> wire = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong replied = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong handedOver = new AtomicLong();

    /** Outcomes that a receiver left behind unseen. */
    private final AtomicLong discarded = new AtomicLong();

    /** The requests whose first replies are to come, by number, each with a time before it was opened. */
    private final Map<Long, Long> awaited = new ConcurrentHashMap<>();

    private ReplyTable<Question> table = new ReplyTable<>(1);
    private int chosenBits;
    private boolean duplicates;

    /** After how many requests in a slot a ticket is that of another request, at the earliest. */
    private long recurrence;

    @ParameterizedTest(name = "{0} bits, capacity {1}, chosen: {2}, duplicates: {3}")
    @CsvSource({
        "8, 1, false, false",
        "8, 2, false, false",
        "8, 255, false, false", // no bit is left for the generation
        "16, 3, false, false",
        "16, 65535, false, false",
        "8, 4, true, false",
        "8, 255, true, false",
        "16, 64, true, false",
        "8, 1, false, true",
        "8, 2, false, true",
        "8, 255, false, true",
        "16, 3, false, true", // no ticket recurs
        "8, 4, true, true",
        "16, 64, true, true"
    })
    void noReplyReachesAnotherRequest(int bits, int capacity, boolean chosen, boolean duplicates) throws Exception {
        table = chosen ? ReplyTable.ofChosenIds(bits, capacity) : ReplyTable.ofBits(bits, capacity);
        chosenBits = chosen ? bits : 0;
        this.duplicates = duplicates;
        recurrence = chosen ? 1 : 1L << (bits - Math.max(FreeList.bits(capacity), 2));
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            ExecutorCompletionService<Long> parts = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < REQUESTERS; i++) {
                long first = (i + 1L) << 32;
                parts.submit(() -> ask(first));
            }
            for (int i = 0; i < RESPONDERS; i++) {
                parts.submit(this::answer, 0L);
            }
            parts.submit(this::expireAndRelease, 0L);
            long answered = 0;
            for (int i = 0; i < REQUESTERS; i++) {
                answered += parts.take().get();
            }
            over.set(true);
            for (int i = 0; i < RESPONDERS + 1; i++) {
                parts.take().get();
            }
            release();
            assertThat(replied.get()).isEqualTo(REQUESTS - lost.get());
            assertThat(handedOver.get()).isPositive().isBetween(answered, answered + discarded.get());
            assertThat(table.inFlight()).isZero();
            assertThat(table.orphans())
                    .as("every reply has come, or never will")
                    .isZero();
            assertThat(released.get()).isPositive().isLessThanOrEqualTo(lost.get());
            assertThat(released.get() == lost.get() || duplicatesDoHarm())
                    .as("each that is lost is released")
                    .isTrue();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private boolean ticketsRecur() {
        return recurrence <= REQUESTS;
    }

    private boolean duplicatesDoHarm() {
        return duplicates && ticketsRecur();
    }

    /** Returns how many requests were answered, by a value or an error. */
    private long ask(long first) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Receiver<Question> receiver = random.nextBoolean() ? Receiver.recycling() : new Receiver<>();
        long answered = 0;
        for (long number = first; number < first + ROUNDS; number++) {
            boolean isLost = random.nextInt(8) == 0;
            boolean drops = !duplicatesDoHarm() && random.nextInt(4) == 0;
            boolean abandons = !drops && random.nextInt(4) == 0;
            // Where tickets recur, nothing else may end a request that is dropped: the ticket might be another one's.
            boolean dropsFirst = drops && ticketsRecur();
            boolean waits = !dropsFirst && !abandons;
            boolean timed = (waits && isLost) || (!dropsFirst && random.nextInt(3) == 0);
            Question question = open(number, receiver.sender(), timed, isLost);
            boolean dropped = dropsFirst && table.drop(question.ticket);
            require(dropped == dropsFirst, "nothing else ends the request", (int) number);
            if (isLost) {
                lost.incrementAndGet();
            } else {
                wire.add(question);
            }
            if (dropped || (drops && table.drop(question.ticket))) {
                require(receiver.poll(() -> {}) == Poll.DROPPED, "a dropped request is dropped", (int) number);
            } else if (abandons) {
                discarded.addAndGet(receiver.abandon() ? 0 : 1);
            } else {
                answered += outcome(receiver, question);
            }
        }
        return answered;
    }

    private Question open(long number, Sender<Question> sender, boolean timed, boolean isLost) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long deadline = System.nanoTime() + (timed ? random.nextInt(100_000) : TimeUnit.HOURS.toNanos(1));
        begun.incrementAndGet();
        while (true) {
            if (!isLost) {
                awaited.put(number, System.nanoTime());
            }
            long before = opened.get();
            long ticket;
            if (chosenBits == 0) {
                ticket = table.open(sender, number, deadline);
            } else {
                long choice = random.nextLong(1, 1L << chosenBits);
                ticket = table.openAs(choice, sender, number, deadline) ? choice : ReplyTable.NO_TICKET;
            }
            if (ticket != ReplyTable.NO_TICKET) {
                opened.incrementAndGet();
                return new Question(number, ticket, before, begun.get());
            }
            require(!over.get(), "there is room in the end", (int) number);
            Thread.yield();
        }
    }

    /** Returns 1 if the request was answered, 0 if it was late. */
    private int outcome(Receiver<Question> receiver, Question mine) throws InterruptedException {
        Question answered;
        try {
            answered = receiver.receive();
        } catch (SenderFailedException failed) {
            if (failed.getCause() instanceof TimeoutException) {
                return 0;
            }
            answered = ((PeerError) failed.getCause()).question;
        }
        require(
                answered.equals(mine)
                        || (duplicates && answered.ticket == mine.ticket && mine.after - answered.before > recurrence),
                "the reply is that of another request",
                (int) mine.number);
        return 1;
    }

    /** Delays some replies behind others, and sends some again, later or much later. */
    private void answer() {
        List<Question> delayed = new ArrayList<>();
        Question[] answered = new Question[64];
        while (true) {
            boolean last = over.get();
            Question question = wire.poll();
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (question != null && random.nextInt(4) == 0) {
                delayed.add(question);
                continue;
            }
            if (question == null && !delayed.isEmpty()) {
                question = delayed.remove(random.nextInt(delayed.size()));
            }
            if (question != null) {
                answer(question);
                awaited.remove(question.number);
                replied.incrementAndGet();
                answered[random.nextInt(answered.length)] = question;
            } else if (last) {
                return;
            } else {
                Thread.yield();
            }
            Question again = answered[random.nextInt(answered.length)];
            if (duplicates && again != null) {
                answer(again);
            }
        }
    }

    private void answer(Question question) {
        Object context = table.context(question.ticket);
        require(
                context == null || context.equals(question.number) || duplicatesDoHarm(),
                "the context is another one",
                (int) question.number);
        boolean accepted;
        if (question.number % 5 == 0) {
            accepted = table.fail(question.ticket, new PeerError(question));
        } else if (question.number % 5 == 1) {
            Sender<Question> sender = table.claim(question.ticket);
            accepted = sender != null && sender.send(question);
        } else {
            accepted = table.send(question.ticket, question);
        }
        handedOver.addAndGet(accepted ? 1 : 0);
    }

    private void expireAndRelease() {
        while (!over.get()) {
            LockSupport.parkNanos(50_000);
            long now = System.nanoTime();
            if (table.nanosUntilExpiry(now) == 0) {
                table.expire(now);
            }
            release();
        }
    }

    /** Releases the orphans that are older than any request whose reply is to come. */
    private void release() {
        long oldest = System.nanoTime();
        for (long time : awaited.values()) {
            oldest = time - oldest < 0 ? time : oldest;
        }
        released.addAndGet(table.releaseOrphans(oldest));
    }
}
