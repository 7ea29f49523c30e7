package io.multishot.verification.soak;

import io.multishot.Receiver;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Starts the channels and the sender threads, watches them, and settles the account. */
final class SoakRun {
    private static final int TASK_THREADS = 2;
    private static final long TICK_MILLIS = 50;
    private static final int TICKS_PER_COLLECTION = 3;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Whether the library checks itself. */
    private final boolean checked = Receiver.class.desiredAssertionStatus();

    private final Ledger ledger = new Ledger();
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final List<Channel> channels = new ArrayList<>();
    private final ExecutorService executor;
    private final PrintWriter out;
    private final long seed;
    private final long patienceNanos;
    private final Watchdog watchdog;
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
            Thread thread = Threads.daemon("soak-task", run);
            thread.setUncaughtExceptionHandler(ledger.handler());
            return thread;
        });
        Setting setting = new Setting(seed, checked, ledger, jobs, executor, () -> stop);
        for (int i = 0; i < channelCount; i++) {
            channels.add(new Channel(i, i % 2 == 1, setting));
        }
        this.watchdog = new Watchdog(channels, ledger, patienceNanos);
    }

    /** Runs for this time and returns whether all went well. */
    boolean run(long seconds, int threads) throws InterruptedException {
        out.printf(
                Locale.ROOT,
                "soak: seed %d, %d s, %d channels, %d sender threads, assertions %s, virtual threads %s, Java %s%n",
                seed,
                seconds,
                channels.size(),
                threads,
                checked ? "on" : "off",
                Threads.haveVirtual() ? "too" : "not here",
                Runtime.version());
        begin = System.nanoTime();
        nextLine = begin + LINE_NANOS;
        try (LeakLog log = new LeakLog(ledger)) {
            List<Thread> workers = start(threads);
            long length = TimeUnit.SECONDS.toNanos(seconds);
            watchWhile(() -> System.nanoTime() - begin < length);
            stop = true;
            watchWhile(() -> !channels.stream().allMatch(Channel::isDone));
            over = true;
            long deadline = System.nanoTime() + patienceNanos;
            watchWhile(() -> workers.stream().anyMatch(Thread::isAlive) && System.nanoTime() - deadline < 0);
            watchWhile(() -> !ledger.unsettled().isEmpty() && System.nanoTime() - deadline < 0);
            log.flush();
        } finally {
            stop = true;
            over = true;
        }
        boolean good = account((System.nanoTime() - begin) / 1e9);
        executor.shutdown();
        return good;
    }

    private List<Thread> start(int threads) {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Threads.start("soak-sender-" + i, i % 2 == 1, new Worker(ledger, jobs, () -> over)));
        }
        for (int i = 0; i < channels.size(); i++) {
            Threads.start("soak-channel-" + i, i / 2 % 2 == 1, channels.get(i));
        }
        return workers;
    }

    /** Lets time pass, until there is something to report at the latest. */
    private void watchWhile(BooleanSupplier goOn) throws InterruptedException {
        while (ledger.isGood() && goOn.getAsBoolean()) {
            Thread.sleep(TICK_MILLIS);
            ticks++;
            if (ticks % TICKS_PER_COLLECTION == 0 && ledger.awaitsCollector()) {
                System.gc();
            }
            long now = System.nanoTime();
            if (now - nextLine >= 0 && !over) {
                nextLine = now + LINE_NANOS;
                printLine(now);
                watchdog.look();
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

    private boolean account(double seconds) {
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
}
