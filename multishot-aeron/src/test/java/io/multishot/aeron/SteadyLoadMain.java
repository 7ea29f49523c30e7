package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Requests and replies over UDP for a given time, each round with a new requester and a new responder, and checks that
 * none of what a process can run out of grows.
 */
final class SteadyLoadMain {
    private static final int REQUESTS_PER_ROUND = 2_000;

    /** Publications and images linger for ten seconds after they are closed, so what is in use grows until then. */
    private static final long WARM_UP_SECONDS = 15;

    /** What is in use after a round. */
    private record Usage(long heapBytes, long bufferBytes, long descriptors, long sharedBytes) {
        static Usage now(List<Path> directories) throws IOException {
            System.gc();
            long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            long shared = 0;
            for (Path directory : directories) {
                shared += size(directory);
            }
            return new Usage(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    buffers,
                    count(Path.of("/proc/self/fd")),
                    shared);
        }

        private static long count(Path directory) throws IOException {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.count();
            }
        }

        /** Files may vanish meanwhile, and then have no length. */
        private static long size(Path directory) throws IOException {
            try (Stream<Path> entries = Files.walk(directory)) {
                return entries.mapToLong(entry -> entry.toFile().length()).sum();
            }
        }
    }

    private SteadyLoadMain() {}

    /** Arguments: those of {@link ChildProcess}, and how long to run, in seconds, after a warm-up. */
    public static void main(String... args) throws Exception {
        System.out.println(ResponderMain.READY);
        try {
            run(Long.parseLong(args[2]));
        } catch (Throwable fault) {
            fault.printStackTrace();
            System.exit(2);
        }
    }

    private static void run(long seconds) throws Exception {
        List<Usage> usages = new ArrayList<>();
        int port = ChildProcess.freePort();
        try (TwoDrivers drivers = new TwoDrivers(TwoDrivers.settings(), TwoDrivers.settings())) {
            long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            for (int round = 1; System.nanoTime() - end < 0; round++) {
                try (AccountedLoad load = new AccountedLoad(REQUESTS_PER_ROUND)) {
                    TwoDrivers.assertAllEnd(
                            load, drivers.responder(port).stream(round), drivers.requester(port).stream(round));
                }
                TimeUnit.MILLISECONDS.sleep(500);
                if (System.nanoTime() - start >= 0) {
                    usages.add(Usage.now(drivers.directories()));
                }
            }
        }
        assertFlat("heap after a collection", usages, Usage::heapBytes, 1 << 20);
        assertFlat("direct memory", usages, Usage::bufferBytes, 1 << 16);
        assertFlat("file descriptors", usages, Usage::descriptors, 8);
        assertFlat("shared memory", usages, Usage::sharedBytes, 4 << 20);
    }

    /** The most in the second half is no more than the most in the first half and a little. */
    private static void assertFlat(String what, List<Usage> usages, ToLongFunction<Usage> amount, long allowance) {
        int half = usages.size() / 2;
        long first = max(usages.subList(0, half), amount);
        long second = max(usages.subList(half, usages.size()), amount);
        System.err.printf(Locale.ROOT, "%s: %,d, then %,d%n", what, first, second);
        assertThat(second).as(what + ", at first " + first).isLessThanOrEqualTo(first + allowance);
    }

    private static long max(List<Usage> usages, ToLongFunction<Usage> amount) {
        return usages.stream().mapToLong(amount).max().orElseThrow();
    }
}
