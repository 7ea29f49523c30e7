package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
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
 * One thread writes requests, one reads their replies, one lets requests expire, and one checks the outcomes. The
 * writer waits for room by the waker alone. No reply ever reaches another request.
 */
@Tag("stress")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyQueueStressTest {
    private static final Exception GONE = new Exception("gone");

    private record Request(Receiver<Long> receiver, long number) {}

    private final ConcurrentLinkedQueue<Long> wire = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Request> opened = new LinkedBlockingQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong handedOver = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    @ParameterizedTest(name = "capacity {0}")
    @CsvSource({"1, 20000", "2, 20000", "3, 40000", "64, 40000"})
    void noReplyReachesAnotherRequest(int capacity, int rounds) throws Exception {
        ReplyQueue<Long> queue = new ReplyQueue<>(capacity);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Void> writer = threads.submit(() -> write(queue, rounds));
            Future<Void> reader = threads.submit(() -> read(queue, rounds));
            Future<Void> expirer = threads.submit(() -> expire(queue));
            long answered = 0;
            long discarded = 0;
            for (int round = 0; round < rounds; round++) {
                Request request = opened.take();
                if (round % 7 == 0) {
                    discarded += request.receiver.abandon() ? 0 : 1;
                } else {
                    answered += outcome(request) ? 1 : 0;
                }
            }
            writer.get(100, TimeUnit.SECONDS);
            reader.get(100, TimeUnit.SECONDS);
            over.set(true);
            expirer.get(100, TimeUnit.SECONDS);
            assertThat(handedOver.get()).isPositive().isBetween(answered, answered + discarded);
            assertThat(queue.refused()).isEqualTo(rounds - handedOver.get());
            assertThat(queue.inFlight() + queue.orphans()).isZero();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private Void write(ReplyQueue<Long> queue, int rounds) throws InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Semaphore room = new Semaphore(0);
        for (long number = 0; number < rounds; number++) {
            Request request = new Request(new Receiver<>(), number);
            Sender<Long> sender = request.receiver.sender();
            long patience = random.nextInt(4) == 0 ? random.nextInt(50_000) : TimeUnit.HOURS.toNanos(1);
            while (!queue.open(sender, System.nanoTime() + patience)) {
                queue.onRoom(room::release);
                room.acquire();
            }
            wire.add(number);
            opened.add(request);
        }
        return null;
    }

    private Void read(ReplyQueue<Long> queue, int rounds) {
        for (int round = 0; round < rounds; round++) {
            Long number = wire.poll();
            while (number == null) {
                Thread.onSpinWait();
                number = wire.poll();
            }
            handedOver.addAndGet(queue.send(number) ? 1 : 0);
        }
        return null;
    }

    private Void expire(ReplyQueue<Long> queue) throws InterruptedException {
        while (!over.get()) {
            TimeUnit.MICROSECONDS.sleep(20);
            queue.expire(System.nanoTime());
        }
        return null;
    }

    /** Waits for the outcome. Returns whether there was a reply. */
    private static boolean outcome(Request request) throws InterruptedException {
        try {
            require(request.receiver.receive() == request.number, "the reply is another one's", (int) request.number);
            return true;
        } catch (SenderFailedException late) {
            require(late.getCause() instanceof TimeoutException, "the cause is another one", (int) request.number);
            return false;
        }
    }

    /** With failAll, replies may reach later requests, but each request ends once and no place is lost. */
    @ParameterizedTest(name = "capacity {0}")
    @CsvSource({"1, 20000", "3, 40000"})
    void eachRequestEndsOnceThoughAllAreFailed(int capacity, int rounds) throws Exception {
        ReplyQueue<Long> queue = new ReplyQueue<>(capacity);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Void> writer = threads.submit(() -> write(queue, rounds));
            Future<Void> reader = threads.submit(() -> readAll(queue));
            Future<Void> expirer = threads.submit(() -> expire(queue));
            Future<Void> failing = threads.submit(() -> failAll(queue));
            List<Throwable> causes = new ArrayList<>();
            long answered = 0;
            for (int round = 0; round < rounds; round++) {
                try {
                    opened.take().receiver.receive();
                    answered++;
                } catch (SenderFailedException ended) {
                    causes.add(ended.getCause());
                }
            }
            writer.get(100, TimeUnit.SECONDS);
            over.set(true);
            reader.get(100, TimeUnit.SECONDS);
            expirer.get(100, TimeUnit.SECONDS);
            failing.get(100, TimeUnit.SECONDS);
            assertThat(answered).isEqualTo(handedOver.get()).isPositive();
            assertThat(causes.stream().filter(cause -> cause == GONE).count()).isEqualTo(failed.get());
            queue.failAll(GONE);
            assertThat(queue.inFlight() + queue.orphans()).isZero();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private Void readAll(ReplyQueue<Long> queue) {
        while (!over.get()) {
            Long number = wire.poll();
            if (number == null) {
                Thread.onSpinWait();
            } else {
                handedOver.addAndGet(queue.send(number) ? 1 : 0);
            }
        }
        return null;
    }

    private Void failAll(ReplyQueue<Long> queue) throws InterruptedException {
        while (!over.get()) {
            TimeUnit.MICROSECONDS.sleep(100);
            failed.addAndGet(queue.failAll(GONE));
        }
        return null;
    }
}
