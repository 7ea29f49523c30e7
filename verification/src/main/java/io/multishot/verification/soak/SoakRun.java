package io.multishot.verification.soak;

import io.multishot.Receiver;
import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One run: starts the channels and the sender threads, watches them, and prints the final account. */
final class SoakRun {
    private static final int TASK_THREADS = 2;
    private static final long TICK_MILLIS = 50;
    private static final int TICKS_PER_COLLECTION = 3;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** {@code Thread.startVirtualThread}, which exists since JDK 21. */
    private static final @Nullable MethodHandle START_VIRTUAL = startVirtual();

    /** Whether assertions are enabled, so that the library is at its checked level. */
    private final boolean checked = Receiver.class.desiredAssertionStatus();

    private final Ledger ledger = new Ledger();
    private final LinkedBlockingQueue<SenderThread.Job> jobs = new LinkedBlockingQueue<>();
    private final List<SoakChannel> channels = new ArrayList<>();
    private final ExecutorService executor;
    private final PrintWriter out;
    private final long seed;
    private final long patienceNanos;
    private final HangDetector hangDetector;
    private volatile boolean stop;
    private volatile boolean over;
    private int ticks;
    private long begin;
    private long nextLine;
    private long roundsBefore;

    SoakRun(PrintWriter out, long seed, int channelCount, long patienceSeconds) {
        this.out = out;
        this.seed = seed;
        this.patienceNanos = TimeUnit.SECONDS.toNanos(patienceSeconds);
        this.executor = Executors.newFixedThreadPool(TASK_THREADS, run -> {
            Thread thread = daemon("soak-task", run);
            thread.setUncaughtExceptionHandler(ledger.handler());
            return thread;
        });
        SoakChannel.Shared shared = new SoakChannel.Shared(seed, checked, ledger, jobs, executor, () -> stop);
        for (int i = 0; i < channelCount; i++) {
            channels.add(new SoakChannel(i, i % 2 == 1, shared));
        }
        this.hangDetector = new HangDetector(channels, ledger, patienceNanos);
    }

    /** Runs for this time and returns whether every value is accounted for. */
    boolean run(long seconds, int threads) throws InterruptedException {
        out.printf(
                Locale.ROOT,
                "soak: seed %d, %d s, %d channels, %d sender threads, assertions %s, virtual threads %s, Java %s%n",
                seed,
                seconds,
                channels.size(),
                threads,
                checked ? "on" : "off",
                START_VIRTUAL != null ? "too" : "unavailable",
                Runtime.version());
        begin = System.nanoTime();
        nextLine = begin + LINE_NANOS;
        try (LeakLogCounter log = new LeakLogCounter(ledger)) {
            List<Thread> senders = startThreads(threads);
            long length = TimeUnit.SECONDS.toNanos(seconds);
            watchWhile(() -> System.nanoTime() - begin < length);
            stop = true;
            watchWhile(() -> !channels.stream().allMatch(SoakChannel::isDone));
            over = true;
            long deadline = System.nanoTime() + patienceNanos;
            watchWhile(() -> senders.stream().anyMatch(Thread::isAlive) && System.nanoTime() - deadline < 0);
            watchWhile(() -> !ledger.unsettled().isEmpty() && System.nanoTime() - deadline < 0);
            log.flush();
        } finally {
            stop = true;
            over = true;
        }
        boolean good = printAccount((System.nanoTime() - begin) / 1e9);
        executor.shutdown();
        return good;
    }

    private List<Thread> startThreads(int count) {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SenderThread sender = new SenderThread(ledger, jobs, () -> over);
            senders.add(startThread("soak-sender-" + i, i % 2 == 1, sender));
        }
        for (int i = 0; i < channels.size(); i++) {
            startThread("soak-channel-" + i, i / 2 % 2 == 1, channels.get(i));
        }
        return senders;
    }

    /** Waits while the condition holds, but not longer than until the first discrepancy. */
    private void watchWhile(BooleanSupplier condition) throws InterruptedException {
        while (ledger.hasNoDiscrepancy() && condition.getAsBoolean()) {
            Thread.sleep(TICK_MILLIS);
            ticks++;
            if (ticks % TICKS_PER_COLLECTION == 0 && ledger.awaitsCollector()) {
                System.gc();
            }
            long now = System.nanoTime();
            if (now - nextLine >= 0 && !over) {
                nextLine = now + LINE_NANOS;
                printLine(now);
                hangDetector.check();
            }
        }
    }

    private void printLine(long now) {
        long rounds = ledger.rounds();
        out.printf(
                Locale.ROOT,
                "%5d s  %,d rounds (+%,d), %s%n",
                TimeUnit.NANOSECONDS.toSeconds(now - begin),
                rounds,
                rounds - roundsBefore,
                ledger.values());
        out.flush();
        roundsBefore = rounds;
    }

    private boolean printAccount(double seconds) {
        List<String> problems = new ArrayList<>(ledger.discrepancies());
        if (problems.isEmpty()) {
            problems.addAll(ledger.unsettled());
        }
        out.printf(Locale.ROOT, "account after %.1f s: %,d rounds, %s%n", seconds, ledger.rounds(), ledger.values());
        out.printf(Locale.ROOT, "faults: %s%n", ledger.faults());
        if (problems.isEmpty()) {
            out.printf(Locale.ROOT, "good: every value is accounted for%n");
        } else {
            problems.forEach(problem -> out.printf(Locale.ROOT, "DISCREPANCY %s%n", problem));
            out.printf(Locale.ROOT, "FAILED with --seed %d%n", seed);
        }
        out.flush();
        return problems.isEmpty();
    }

    /** Starts a thread, a virtual one if that is wanted and the JDK has them. */
    static Thread startThread(String name, boolean virtual, Runnable program) {
        if (virtual && START_VIRTUAL != null) {
            try {
                return (Thread) START_VIRTUAL.invokeExact((Runnable) () -> {
                    Thread.currentThread().setName(name);
                    program.run();
                });
            } catch (Throwable thrown) {
                throw new AssertionError(thrown);
            }
        }
        Thread thread = daemon(name, program);
        thread.start();
        return thread;
    }

    /** Makes a daemon thread, which does not keep the JVM alive after a hang was reported. */
    private static Thread daemon(String name, Runnable program) {
        Thread thread = new Thread(program, name);
        thread.setDaemon(true);
        return thread;
    }

    private static @Nullable MethodHandle startVirtual() {
        MethodType type = MethodType.methodType(Thread.class, Runnable.class);
        try {
            return MethodHandles.publicLookup().findStatic(Thread.class, "startVirtualThread", type);
        } catch (ReflectiveOperationException olderJdk) {
            return null;
        }
    }

    /** Reports channels that stay in one round for too long. */
    static final class HangDetector {
        private final List<SoakChannel> channels;
        private final Ledger ledger;
        private final long patienceNanos;
        private final @Nullable Round[] seen;
        private final long[] since;

        HangDetector(List<SoakChannel> channels, Ledger ledger, long patienceNanos) {
            this.channels = channels;
            this.ledger = ledger;
            this.patienceNanos = patienceNanos;
            this.seen = new @Nullable Round[channels.size()];
            this.since = new long[channels.size()];
            Arrays.fill(since, System.nanoTime());
        }

        /** Compares each channel's round with that of the last call. */
        void check() {
            long now = System.nanoTime();
            for (int i = 0; i < since.length; i++) {
                SoakChannel channel = channels.get(i);
                Round round = channel.round();
                if (channel.isDone() || round != seen[i]) {
                    seen[i] = round;
                    since[i] = now;
                } else if (now - since[i] > patienceNanos) {
                    ledger.discrepancy("no progress, in " + channel.describe());
                }
            }
        }
    }

    /** Counts what the library logs about lost senders of this program, instead of printing it. */
    private static final class LeakLogCounter extends Handler implements AutoCloseable {
        private static final String THIS_PROGRAM = LeakLogCounter.class.getPackageName() + ".";

        private final Ledger ledger;
        private final Logger logger = Logger.getLogger("io.multishot");
        private final boolean usedParentHandlers = logger.getUseParentHandlers();

        LeakLogCounter(Ledger ledger) {
            this.ledger = ledger;
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains(THIS_PROGRAM)) {
                ledger.leakLogged();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(usedParentHandlers);
        }
    }
}
