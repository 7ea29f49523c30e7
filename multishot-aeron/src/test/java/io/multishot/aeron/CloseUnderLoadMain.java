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
 * Threads that request and reply as fast as they can, while everything they use is repeatedly closed and opened again.
 * Some of them are then in the middle of a message, for a long time.
 */
final class CloseUnderLoadMain {
    private static final long DURATION_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long STALL_MILLIS = 1_500;

    private static final AtomicReference<Requester<String, String>> REQUESTER = new AtomicReference<>();
    private static final BlockingQueue<RemoteSender<String>> IN_HAND = new ArrayBlockingQueue<>(1_000);
    private static final AtomicReference<Throwable> FAULT = new AtomicReference<>();

    private static volatile boolean over;

    private CloseUnderLoadMain() {}

    /** The body of a thread's loop. */
    private interface Step {
        void run() throws Exception;
    }

    /** Stalls in the middle of a message, once in a while. */
    private static final class StallingEncoder implements Encoder<String> {
        private final ThreadLocal<Long> nextStall = ThreadLocal.withInitial(
                () -> System.nanoTime() + Thread.currentThread().getId() % 7 * 100_000_000);

        @Override
        public int length(String message) {
            return 2 * Codec.utf8().length(message);
        }

        @Override
        public void encode(String message, MutableDirectBuffer buffer, int offset) {
            Codec.utf8().encode(message, buffer, offset);
            if (System.nanoTime() - nextStall.get() >= 0) {
                stall();
                nextStall.set(System.nanoTime() + 300_000_000);
            }
            Codec.utf8().encode(message, buffer, offset + Codec.utf8().length(message));
        }

        private static void stall() {
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS)) {
                Thread.onSpinWait();
                Thread.yield();
            }
        }
    }

    /** Arguments: the channel; the directory for a driver that runs throughout, while its clients come and go. */
    public static void main(String... args) throws Exception {
        Path directory = Path.of(args[1]);
        List<Thread> threads = new ArrayList<>();
        try (Engine driverEngine = Engine.embedded(directory)) {
            System.out.println(ResponderMain.READY);
            for (int i = 0; i < 4; i++) {
                Call<String> call = new Call<>();
                threads.add(startLoop(() -> ask(call)));
            }
            threads.add(startLoop(CloseUnderLoadMain::reply));
            threads.add(startLoop(CloseUnderLoadMain::reply));
            long start = System.nanoTime();
            while (System.nanoTime() - start < DURATION_NANOS) {
                openAndClose(directory, args[0], new StallingEncoder());
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

    private static Thread startLoop(Step step) {
        Thread thread = new Thread(() -> {
            while (!over) {
                try {
                    step.run();
                } catch (IllegalStateException | ReceiveException | TimeoutException expected) {
                    Thread.onSpinWait(); // closed or lost: try the next one
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

    private static void reply() throws Exception {
        RemoteSender<String> sender = IN_HAND.poll(10, TimeUnit.MILLISECONDS);
        if (sender != null) {
            SendResult unused = sender.send("reply");
        }
    }

    /** Closes one engine while its requester is in use, and another while its responder is. */
    private static void openAndClose(Path directory, String channel, Encoder<String> encoder) throws Exception {
        try (Engine requesting = Engine.connected(directory);
                Engine replying = Engine.connected(directory)) {
            for (int i = 0; i < 3; i++) {
                try (Responder unused = Responder.builder(replying, Codec.utf8(), encoder)
                                .channel(channel)
                                .open((request, sender) -> {
                                    boolean offered = IN_HAND.offer(sender);
                                });
                        Requester<String, String> requester = Requester.builder(requesting, encoder, Codec.utf8())
                                .channel(channel)
                                .open()) {
                    REQUESTER.set(requester);
                    Thread.sleep(150);
                }
            }
        }
    }
}
