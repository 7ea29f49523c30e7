package io.multishot.aeron;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Measures each {@link BackOff}: what an idle engine with its driver takes of a processor, and the median round trip of
 * a request that comes after 20 ms without any. The handler replies on its engine's thread. Over UDP each side has a
 * driver of its own, so it is as if they were in two processes.
 */
final class BackOffMain {
    private static final int REQUESTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private BackOffMain() {}

    /** Arguments: none. */
    public static void main(String... args) throws Exception {
        System.out.println("back-off   idle   connected   IPC, no wake-ups   IPC   UDP, no wake-ups   UDP");
        for (int pass = 0; pass < 1; pass++) {
            for (BackOff each : BackOff.values()) {
                String udp = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
                try (Engine idle = Engine.embedded(each)) {
                    String idleCpu = cpu();
                    try (Pair ipc = new Pair(idle, idle, "aeron:ipc");
                            Engine there = Engine.embedded(each)) {
                        double ipcAlone = ipc.medianMicros(false);
                        double ipcWoken = ipc.medianMicros(true);
                        ipc.close();
                        try (Pair overUdp = new Pair(idle, there, udp)) {
                            String connectedCpu = cpu();
                            System.out.printf(
                                    "%-8s   %s   %s   %.0f us   %.0f us   %.0f us   %.0f us%n",
                                    each,
                                    idleCpu,
                                    connectedCpu,
                                    ipcAlone,
                                    ipcWoken,
                                    overUdp.medianMicros(false),
                                    overUdp.medianMicros(true));
                        }
                    }
                }
            }
        }
    }

    /** Returns what this process takes of one processor. */
    private static String cpu() throws InterruptedException {
        Thread.sleep(5_000); // until it is compiled
        long start = System.nanoTime();
        long before = processCpu();
        Thread.sleep(4_000);
        return String.format("%4.1f %%", 100.0 * (processCpu() - before) / (System.nanoTime() - start));
    }

    private static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static final class Pair implements AutoCloseable {
        private final Engine here;
        private final Responder responder;
        private final Requester<String, String> requester;
        private volatile boolean waking;

        Pair(Engine here, Engine there, String channel) throws InterruptedException {
            this.here = here;
            responder = Responder.builder(there, Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .open((request, sender) -> {
                        EngineFixture.echo(request, sender);
                        if (waking) {
                            there.wake();
                        }
                    });
            requester = Requester.builder(here, Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .open();
            if (!requester.awaitConnected(PATIENCE)) {
                throw new IllegalStateException("not connected");
            }
        }

        double medianMicros(boolean wake) throws Exception {
            waking = wake;
            long[] nanos = new long[REQUESTS];
            try (Call<String> call = new Call<>()) {
                for (int i = 0; i < REQUESTS; i++) {
                    Thread.sleep(20);
                    long start = System.nanoTime();
                    if (call.ask(requester, "request") != SendResult.ACCEPTED) {
                        throw new IllegalStateException("not sent");
                    }
                    if (wake) {
                        here.wake();
                    }
                    String unused = call.receive(PATIENCE);
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);
            return nanos[REQUESTS / 2] / (double) TimeUnit.MICROSECONDS.toNanos(1);
        }

        @Override
        public void close() {
            requester.close();
            responder.close();
        }
    }
}
