package io.multishot.aeron;

import io.multishot.ReceiveException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.MutableDirectBuffer;

/**
 * Threads that ask and answer as fast as they can, while all that they use is closed under them and opened again. Some
 * are in the middle of a message then, for a long while.
 */
final class CloseUnderLoadMain {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long NAP_MILLIS = 1_500;

    private static final AtomicReference<Requester<String, String>> REQUESTER = new AtomicReference<>();
    private static final BlockingQueue<RemoteSender<String>> IN_HAND = new ArrayBlockingQueue<>(1_000);
    private static final AtomicReference<Throwable> FAULT = new AtomicReference<>();

    private static volatile boolean over;

    private CloseUnderLoadMain() {}

    /** What a thread does again and again. */
    private interface Step {
        void run() throws Exception;
    }

    /** Falls asleep in the middle of a message whose time has come, and of none before. */
    private static final class Sleepy implements Encoder<String> {
        private final ThreadLocal<Long> nextNap = ThreadLocal.withInitial(
                () -> System.nanoTime() + Thread.currentThread().getId() % 7 * 100_000_000);

        @Override
        public int length(String message) {
            return 2 * Codec.utf8().length(message);
        }

        @Override
        public void encode(String message, MutableDirectBuffer buffer, int offset) {
            Codec.utf8().encode(message, buffer, offset);
            if (System.nanoTime() - nextNap.get() >= 0) {
                nap();
                nextNap.set(System.nanoTime() + 300_000_000);
            }
            Codec.utf8().encode(message, buffer, offset + Codec.utf8().length(message));
        }

        private static void nap() {
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(NAP_MILLIS)) {
                Thread.onSpinWait();
                Thread.yield();
            }
        }
    }

    /** Arguments: the channel; a directory for a driver, which stays while its clients come and go. */
    public static void main(String... args) throws Exception {
        Path directory = Path.of(args[1]);
        List<Thread> threads = new ArrayList<>();
        try (Engine driving = Engine.embedded(directory)) {
            System.out.println(ResponderMain.READY);
            for (int i = 0; i < 4; i++) {
                Call<String> call = new Call<>();
                threads.add(begin(() -> ask(call)));
            }
            threads.add(begin(CloseUnderLoadMain::answer));
            threads.add(begin(CloseUnderLoadMain::answer));
            long start = System.nanoTime();
            while (System.nanoTime() - start < NANOS) {
                openAndClose(directory, args[0], new Sleepy());
            }
        } finally {
            over = true;
        }
        for (Thread each : threads) {
            each.join();
        }
        if (FAULT.get() != null) {
            FAULT.get().printStackTrace();
            System.exit(2);
        }
    }

    private static Thread begin(Step step) {
        Thread thread = new Thread(() -> {
            while (!over) {
                try {
                    step.run();
                } catch (IllegalStateException | ReceiveException | TimeoutException told) {
                    Thread.onSpinWait(); // closed, or lost: the next may be better
                } catch (Throwable fault) {
                    FAULT.compareAndSet(null, fault);
                }
            }
        });
        thread.start();
        return thread;
    }

    private static void ask(Call<String> call) throws Exception {
        Requester<String, String> requester = REQUESTER.get();
        if (requester != null && call.ask(requester, "request") == SendResult.ACCEPTED) {
            String unused = call.receive(Duration.ofMillis(20));
        }
    }

    private static void answer() throws Exception {
        RemoteSender<String> sender = IN_HAND.poll(10, TimeUnit.MILLISECONDS);
        if (sender != null) {
            SendResult unused = sender.send("reply");
        }
    }

    /** One engine goes while its requester is in use, the other while its responder is. */
    private static void openAndClose(Path directory, String channel, Encoder<String> encoder) throws Exception {
        try (Engine asking = Engine.connected(directory);
                Engine answering = Engine.connected(directory)) {
            for (int i = 0; i < 3; i++) {
                try (Responder unused = Responder.builder(answering, Codec.utf8(), encoder)
                                .channel(channel)
                                .open((request, sender) -> {
                                    boolean offered = IN_HAND.offer(sender);
                                });
                        Requester<String, String> requester = Requester.builder(asking, encoder, Codec.utf8())
                                .channel(channel)
                                .open()) {
                    REQUESTER.set(requester);
                    Thread.sleep(150);
                }
            }
        }
    }
}
