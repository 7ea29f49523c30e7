package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multishot.ReceiveException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies, failures and drops race with cancels, ends of patience, requests that are too old, and requesters that
 * close. Whatever wins, a place is given back once, and no reply goes to another request.
 */
@Timeout(120)
class PlacesUnderFireTest {
    private static final int CAPACITY = 4;
    private static final int ASKERS = 3;
    private static final int REQUESTS = 700;

    private record Job(String request, RemoteSender<String> sender) {}

    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean isOver;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPlaceIsGivenBackOnce(boolean onExecutor) throws Exception {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long seed = i;
            workers.add(start(() -> work(new Random(seed))));
        }
        try (EngineFixture fixture = new EngineFixture()) {
            ResponderBuilder<String, String> settings =
                    fixture.responder().capacity(CAPACITY).maxAge(Duration.ofMillis(2));
            Responder responder = (onExecutor ? settings.executor(task -> new Thread(task).start()) : settings)
                    .open((request, sender) -> {
                        if (request.startsWith("keep")) {
                            kept.add(sender);
                        } else {
                            sender.onAbandon(() -> {});
                            jobs.add(new Job(request, sender));
                        }
                    });
            List<Thread> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                int number = i;
                askers.add(start(() -> ask(fixture, number)));
            }
            for (Thread each : askers) {
                each.join();
            }
            isOver = true;
            for (Thread each : workers) {
                each.join();
            }
            await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
            assertThat(faults).isEmpty();
            assertThat(ended).as("accepted requests that have ended").hasValue(accepted.get());
            assertAllPlacesAreThere(fixture);
        }
    }

    /** As many requests as there are places are in hand until they are too old; none waits, or is refused. */
    private void assertAllPlacesAreThere(EngineFixture fixture) throws Exception {
        try (Requester<String, String> requester = fixture.connected()) {
            for (int round = 0; round < 10; round++) {
                List<Call<String>> calls = new ArrayList<>();
                for (int i = 0; i < CAPACITY; i++) {
                    Call<String> each = new Call<>();
                    assertThat(each.ask(requester, "keep " + i)).isEqualTo(SendResult.ACCEPTED);
                    calls.add(each);
                }
                for (Call<String> each : calls) {
                    try {
                        assertThat(each.receive(TIMEOUT)).isEqualTo("never");
                    } catch (ReceiveException tooOld) {
                        assertThat(tooOld).hasCauseInstanceOf(RemoteFailureException.class);
                    }
                }
            }
        }
    }

    private Thread start(Runnable task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Throwable fault) {
                faults.add(Thread.currentThread().getName() + ": " + fault);
            }
        });
        thread.start();
        return thread;
    }

    private void work(Random random) {
        while (!isOver || !jobs.isEmpty()) {
            Job job = jobs.poll();
            if (job == null) {
                Thread.onSpinWait();
                continue;
            }
            SendResult result;
            do {
                result = switch (random.nextInt(4)) {
                    case 0 -> job.sender.fail(new IllegalStateException(job.request));
                    case 1 -> job.sender.drop();
                    default -> job.sender.send(job.request);
                };
            } while (result == SendResult.BACK_PRESSURED);
        }
    }

    private void ask(EngineFixture fixture, int number) {
        Random random = new Random(number);
        Call<String> call = new Call<>();
        Requester<String, String> requester = fixture.requester().open();
        for (int i = 0; i < REQUESTS; i++) {
            if (random.nextInt(100) == 0) {
                requester.close();
                requester = fixture.requester().open();
            }
            String request = number + "." + i;
            boolean isPatient = random.nextBoolean();
            Duration patience = isPatient ? TIMEOUT : Duration.ofNanos(1 + random.nextInt(20_000_000));
            try {
                if (call.awaitAsk(requester, request, patience) != SendResult.ACCEPTED) {
                    continue;
                }
                accepted.incrementAndGet();
                String reply = call.receive(isPatient ? TIMEOUT : Duration.ofNanos(random.nextInt(3_000_000)));
                if (!reply.equals(request)) {
                    faults.add(request + " got the reply to " + reply);
                }
                ended.incrementAndGet();
            } catch (TimeoutException late) {
                if (isPatient) {
                    faults.add(request + " got no outcome");
                }
                ended.incrementAndGet();
            } catch (ReceiveException allowed) {
                ended.incrementAndGet(); // failed, dropped, or too late
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        }
        requester.close();
    }
}
