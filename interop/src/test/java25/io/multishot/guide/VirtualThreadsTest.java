package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide's "Virtual threads by the hundred thousand". */
@Tag("unchecked") // with assertions, stack traces take most of the time
class VirtualThreadsTest {
    // tag::virtual[]
    private static long askAll(int requesters, LinkedBlockingQueue<Sender<Long>> questions)
            throws InterruptedException, ExecutionException {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> sums = new ArrayList<>();
            for (int i = 0; i < requesters; i++) {
                sums.add(executor.submit(() -> {
                    Receiver<Long> receiver = new Receiver<>(); // one for each thread, as long as it lives
                    long sum = 0;
                    for (int round = 0; round < 3; round++) {
                        questions.put(receiver.sender());
                        sum += receiver.receive(); // parks the virtual thread only
                    }
                    return sum;
                }));
            }
            long sum = 0;
            for (Future<Long> each : sums) {
                sum += each.get();
            }
            return sum;
        }
    }
    // end::virtual[]

    @Test
    void aHundredThousandWaitAtOnce() throws InterruptedException, ExecutionException {
        LinkedBlockingQueue<Sender<Long>> questions = new LinkedBlockingQueue<>();
        Thread.startVirtualThread(() -> {
            List<Sender<Long>> all = new ArrayList<>();
            try {
                for (int i = 0; i < 100_000; i++) {
                    all.add(questions.take()); // so that all of them wait at once
                }
                all.forEach(sender -> sender.send(1L));
                for (int i = 0; i < 200_000; i++) {
                    questions.take().send(1L);
                }
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        });
        assertThat(askAll(100_000, questions)).isEqualTo(300_000);
    }
}
