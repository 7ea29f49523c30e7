package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A number of requests, and the account of each: what was accepted ends once, with its own outcome, or lost, or given
 * up. The outcome of a request follows from its number: a value, a failure or a drop, at once or later, in any order.
 */
final class AccountedLoad implements AutoCloseable {
    private static final int CALLS = 64;
    private static final int LARGE = 5_000; // four fragments
    private static final int IMPATIENT_POLLS = 10;
    private static final long NAP_NANOS = 50_000;

    /** Longer than anything takes, unless it hangs. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Waker NO_WAKER = () -> {};

    private final int count;
    private final AtomicIntegerArray handled;
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final BlockingDeque<Reply> later = new LinkedBlockingDeque<>();
    private final AtomicLong sent = new AtomicLong();
    private final Thread worker = new Thread(this::replyLater, "replies later");

    private int asked;
    private int ended;
    private int right;
    private int lost;
    private int givenUp;
    private int notAccepted;

    /** What the responder owes. */
    private record Reply(int number, RemoteSender<String> sender) {
        SendResult send() {
            return switch (number % 8) {
                case 3 -> sender.fail(new IllegalArgumentException(reply(number)));
                case 5 -> sender.drop();
                default -> sender.send(reply(number));
            };
        }
    }

    AccountedLoad(int count) {
        this.count = count;
        handled = new AtomicIntegerArray(count);
        worker.start();
    }

    private static String request(int number) {
        return number + "?" + "q".repeat(number % 16 == 0 ? LARGE : number % 200);
    }

    private static String reply(int number) {
        boolean isFailure = number % 8 == 3; // whose text is short
        return number + "!" + "r".repeat(number % 16 == 8 ? LARGE : isFailure ? 0 : number % 190);
    }

    /** The responder's handler. */
    void handle(String request, RemoteSender<String> sender) {
        int number = Integer.parseInt(request.substring(0, request.indexOf('?')));
        if (!request.equals(request(number))) {
            wrong.add("request " + number + " arrived altered");
        }
        if (handled.incrementAndGet(number) != 1) {
            wrong.add("request " + number + " was handled twice");
        }
        Reply reply = new Reply(number, sender);
        if (number % 4 == 1 || !send(reply)) {
            later.add(reply);
        }
    }

    /** Returns false if it is to be sent again. */
    private boolean send(Reply reply) {
        SendResult result = reply.send();
        if (result == SendResult.ACCEPTED) {
            sent.incrementAndGet();
        }
        return result != SendResult.BACK_PRESSURED;
    }

    private void replyLater() {
        Random random = new Random(1);
        try {
            while (true) {
                Reply reply = random.nextBoolean() ? later.takeFirst() : later.takeLast();
                while (!send(reply)) {
                    TimeUnit.MICROSECONDS.sleep(100);
                }
            }
        } catch (InterruptedException closed) {
            // ends
        }
    }

    /** A call and the number of its request in flight. */
    private final class Task {
        private static final int NONE = -1;

        private final Call<String> call = new Call<>();
        private int number = NONE;
        private int polls;

        /** Asks, or looks for the outcome. Returns whether there was progress. */
        boolean step(Requester<String, String> requester) {
            if (number == NONE) {
                return asked < count && ask(requester);
            }
            if (call.receiver().poll(NO_WAKER) == Poll.PENDING) {
                boolean isImpatient = number % 16 == 2;
                if (!isImpatient || ++polls < IMPATIENT_POLLS || !call.giveUp()) {
                    return false;
                }
                givenUp++;
            } else {
                end();
            }
            number = NONE;
            ended++;
            return true;
        }

        private boolean ask(Requester<String, String> requester) {
            if (call.ask(requester, request(asked)) != SendResult.ACCEPTED) {
                notAccepted++;
                return false;
            }
            number = asked++;
            polls = 0;
            return true;
        }

        private void end() {
            String outcome;
            try {
                outcome = call.receiver().take();
            } catch (SenderDroppedException dropped) {
                outcome = "dropped";
            } catch (SenderFailedException failed) {
                if (failed.getCause() instanceof PeerLostException) {
                    lost++;
                    return;
                }
                outcome = String.valueOf(failed.getCause().getMessage());
            }
            String expected = switch (number % 8) {
                case 3 -> new IllegalArgumentException(reply(number)).toString();
                case 5 -> "dropped";
                default -> reply(number);
            };
            if (outcome.equals(expected) && handled.get(number) == 1) {
                right++;
            } else {
                wrong.add("request " + number + " got " + outcome);
            }
        }
    }

    /** Sends all requests, and awaits the end of each. */
    void run(Requester<String, String> requester) {
        List<Task> tasks = Stream.generate(Task::new).limit(CALLS).toList();
        long lastProgress = System.nanoTime();
        while (ended < count) {
            boolean progress = false;
            for (Task task : tasks) {
                progress |= task.step(requester);
            }
            long now = System.nanoTime();
            if (progress) {
                lastProgress = now;
            } else if (now - lastProgress < PATIENCE_NANOS) {
                LockSupport.parkNanos(NAP_NANOS);
            } else {
                throw new AssertionError("stuck: " + this + ", " + wrong);
            }
        }
    }

    /** Closes the account, after {@link #run}. */
    void assertSettled(Requester<String, String> requester, Responder responder) {
        assertThat(wrong).as(toString()).isEmpty();
        assertThat(right + lost + givenUp).as(toString()).isEqualTo(count);
        assertThat(right).as(toString()).isGreaterThan(count / 8); // a peer that is lost takes its requests with it
        assertThat(requester.inFlight()).isZero();
        await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
        if (lost == 0) {
            await().untilAsserted(() -> assertThat(sent.get()).as(toString()).isEqualTo(right + requester.refused()));
        }
        assertThat(requester.ignored() + responder.ignored()).as("ignored").isZero();
        assertThat(wrong).as(toString()).isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        worker.interrupt();
        worker.join();
    }

    @Override
    public String toString() {
        return asked + " of " + count + " requests accepted, " + right + " right, " + lost + " lost, " + givenUp
                + " given up, " + wrong.size() + " wrong, " + sent + " replies sent, asked in vain " + notAccepted
                + " times";
    }
}
