package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ordinary but sloppy programs, 100,000 requests each: no request gets another one's reply, and no slot is lost. */
@Tag("stress")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyTableSloppyUseTest {
    private static final int REQUESTS = 100_000;
    private static final int CAPACITY = 8;

    /** How late a reply can be, in requests; fewer than the table has slots. */
    private static final int LATEST = 5;

    private final ReplyTable<Integer> table = new ReplyTable<>(CAPACITY);

    /** A question on the wire, with its ticket. The answer is the number of the request. */
    private record Question(long ticket, int request) {}

    private long open(Sender<Integer> sender, int request) {
        long ticket = table.open(sender);
        require(ticket != ReplyTable.NO_TICKET, "a slot is free", request);
        return ticket;
    }

    /** Answers on another thread, late or at once, until the wire is empty and the requester has finished. */
    private Future<Integer> answering(ExecutorService threads, Queue<Question> wire, AtomicBoolean over) {
        return threads.submit(() -> {
            int accepted = 0;
            while (true) {
                boolean last = over.get();
                Question question = wire.poll();
                if (question != null) {
                    accepted += table.send(question.ticket, question.request) ? 1 : 0;
                } else if (last) {
                    return accepted;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
    }

    /** Each request that is not answered at once is abandoned, and nobody tells the table. */
    @ParameterizedTest
    @EnumSource
    void aRequesterThatAbandonsInsteadOfDropping(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        Queue<Question> wire = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> answering = answering(threads, wire, over);
            int replies = 0;
            int discarded = 0;
            for (int request = 0; request < REQUESTS; request++) {
                wire.add(new Question(open(receiver.sender(), request), request));
                SecondThread.jitter();
                Integer reply = receiver.tryReceive();
                if (reply == null) {
                    discarded += receiver.abandon() ? 0 : 1; // false: the reply came at this moment
                } else {
                    require(reply == request, "the reply is that of this request", request);
                    replies++;
                }
            }
            over.set(true);
            int accepted = answering.get();
            assertThat(accepted).isEqualTo(replies + discarded);
            assertThat(table.refused()).isEqualTo(REQUESTS - accepted);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Each second request is ended by its sender instead of its ticket, and the replies to all of them come late. */
    @ParameterizedTest
    @EnumSource
    void aRequesterThatDropsTheSenderInsteadOfTheTicket(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Queue<Question> wire = new ArrayDeque<>();
        int misused = 0;
        for (int request = 0; request < REQUESTS; request++) {
            Sender<Integer> sender = receiver.sender();
            long ticket = open(sender, request);
            if (wire.size() == LATEST) {
                misused += answerLate(wire.remove()) ? 1 : 0;
                require(receiver.tryReceive() == null, "a late reply reached a later request", request);
            }
            if (request % 2 == 0) {
                wire.add(new Question(ticket, request));
                sender.drop();
                require(receiver.poll(() -> {}) == Poll.DROPPED, "dropped", request);
            } else {
                require(table.send(ticket, request), "this request is in flight", request);
                require(receiver.take() == request, "its own reply", request);
            }
        }
        assertThat(misused).isEqualTo(REQUESTS / 2 - wire.size());
    }

    /** Returns whether the table reports that the sender was consumed outside of it. */
    private boolean answerLate(Question question) {
        try {
            table.send(question.ticket, question.request);
            return false;
        } catch (IllegalStateException consumed) {
            return true;
        }
    }

    /** A retry opens the sender once more; and a timer fails each request long after its reply. */
    @ParameterizedTest
    @EnumSource
    void aRequesterThatRetriesWithTheSameSenderAndATimerThatNobodyStops(Level level) {
        Receiver<Integer> receiver = level.receiver();
        TimeoutException late = new TimeoutException("late");
        int refusals = 0;
        for (int request = 0; request < REQUESTS; request++) {
            Sender<Integer> sender = receiver.sender();
            long ticket = open(sender, request);
            try {
                long second = table.open(sender);
                require(table.send(second, -request), "a second ticket", request);
            } catch (IllegalStateException refused) {
                refusals++;
            }
            require(table.send(ticket, request), "this request is in flight", request);
            require(receiver.take() == request, "its own reply", request);
            require(!table.fail(ticket, late), "it was answered", request);
        }
        assertThat(refusals).isEqualTo(REQUESTS);
        assertThat(table.refused()).isZero();
        assertThat(table.inFlight()).isZero();
    }
}
