package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.DriverTimeoutException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * What requesters and responders run on: a client of Aeron, the media driver that moves the bytes, and one thread on
 * which replies arrive and requests are handled. One engine is enough for a process.
 *
 * <p>The driver is embedded, unless you run one yourself. {@code aeron:ipc} connects what uses one driver: in another
 * process, that is an engine {@linkplain #connected(Path) connected} to the directory of this one's
 * {@linkplain #embedded(Path) driver}. {@code aeron:udp} connects any two.
 *
 * <p>If the driver dies, or this process stands still for more than ten seconds, the client ends itself. Then requests
 * in flight fail, {@link Call#ask} says so, {@link #isUsable()} is false, and handlers get nothing any more: close the
 * engine, and make a new one. (A client that you set up yourself needs an error handler for that: Aeron's own one ends
 * the process.)
 *
 * <p>Aeron needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} on the command line of its JVM.
 */
public final class Engine implements AutoCloseable {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int SPINS = 100;
    private static final int YIELDS = 100;
    private static final long SHORTEST_NAP_NANOS = 1_000;
    private static final long LONGEST_NAP_NANOS = 1_000_000;

    private final Aeron aeron;
    private final @Nullable MediaDriver driver;
    private final boolean closesAeron;
    private final DutyCycle loop;
    private final @Nullable Thread thread;

    /** Without a thread: to be released at the end of this cycle. */
    private boolean closedByHandler;

    private Engine(Aeron aeron, @Nullable MediaDriver driver, boolean closesAeron, IdleStrategy idle, boolean invoked) {
        this.aeron = aeron;
        this.driver = driver;
        this.closesAeron = closesAeron;
        loop = new DutyCycle(idle);
        thread = invoked ? null : start();
    }

    private Thread start() {
        Thread started = new Thread(
                () -> {
                    try {
                        loop.run();
                    } finally {
                        release();
                    }
                },
                "multishot-aeron");
        started.setDaemon(true);
        started.start();
        return started;
    }

    /**
     * Starts a media driver in this process, with one thread and a directory of its own, which it deletes in the end.
     *
     * @return the engine, which closes both
     */
    public static Engine embedded() {
        return embedded(Path.of(CommonContext.generateRandomDirName()));
    }

    /**
     * Starts a media driver in this process, with one thread, in this directory, so that others can be
     * {@linkplain #connected(Path) connected} to it.
     *
     * @param directory where the driver keeps its buffers, best in memory, such as {@code /dev/shm/NAME}. What a driver
     *     has left there is deleted now, and what this one leaves in the end
     * @return the engine, which closes both
     * @throws io.aeron.driver.exceptions.ActiveDriverException if the directory belongs to a driver that runs, or has
     *     not been dead for ten seconds
     */
    public static Engine embedded(Path directory) {
        MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(true));
        try {
            return new Engine(connect(directory), driver, true, idle(), false);
        } catch (Throwable failed) {
            CloseHelper.quietClose(driver);
            throw failed;
        }
    }

    /**
     * Uses a media driver that runs already, in this process or in another.
     *
     * @param directory the driver's
     * @return the engine; when closed, it leaves the driver alone
     */
    public static Engine connected(Path directory) {
        return new Engine(connect(directory), null, true, idle(), false);
    }

    /**
     * Uses a client that you have set up, with a thread of the engine's own.
     *
     * @param aeron the client, yours to close, after the engine
     * @return the engine
     */
    public static Engine of(Aeron aeron) {
        return of(aeron, idle());
    }

    /**
     * Uses a client that you have set up, with a thread of the engine's own, which rests as you say when there is
     * nothing to do.
     *
     * @param aeron the client, yours to close, after the engine
     * @param idle how to rest; this engine's alone
     * @return the engine
     */
    public static Engine of(Aeron aeron, IdleStrategy idle) {
        Objects.requireNonNull(idle, "idle");
        return new Engine(Objects.requireNonNull(aeron, "aeron"), null, false, idle, false);
    }

    /**
     * Uses a client that you have set up, and no thread: you call {@link #work()}, again and again, as part of an event
     * loop of your own. That spares a change of threads for each message.
     *
     * @param aeron the client, yours to close, after the engine
     * @return the engine
     */
    public static Engine invoked(Aeron aeron) {
        return new Engine(Objects.requireNonNull(aeron, "aeron"), null, false, idle(), true);
    }

    /** Stays awake for some ten microseconds, for what follows at once; then parks, for longer and longer. */
    private static IdleStrategy idle() {
        return new BackoffIdleStrategy(SPINS, YIELDS, SHORTEST_NAP_NANOS, LONGEST_NAP_NANOS);
    }

    /**
     * The handler that Aeron has by default ends the process when the driver is gone. And its client unmaps its buffers
     * at once then; this leaves whoever is using one the time to finish.
     */
    private static Aeron connect(Path directory) {
        Aeron.Context context = new Aeron.Context().aeronDirectoryName(directory.toString());
        context.errorHandler(fault -> {
            if (fault instanceof DriverTimeoutException) {
                context.closeLingerDurationNs(LINGER_NANOS);
            }
            DutyCycle.report("Aeron in " + directory, fault);
        });
        return Aeron.connect(context);
    }

    /**
     * Does what there is to do: takes in replies, hands requests to handlers, looks after the peers. Never waits. One
     * thread at a time, and always the same one.
     *
     * @return how much was done; 0 for nothing, so idle
     * @throws IllegalStateException if this engine has a thread of its own; or if it is at work already: on another
     *     thread, or because a handler or waker has called this
     */
    public int work() {
        if (thread != null) {
            throw new IllegalStateException("this engine has a thread of its own: work() is for Engine.invoked");
        }
        int done = loop.cycle();
        if (closedByHandler) {
            closedByHandler = false;
            release();
        }
        return done;
    }

    /**
     * Closes all requesters and responders, then what this engine has of Aeron. Requests in flight fail. Idempotent.
     * Waits for whoever is asking or answering at this moment, and for the handler that runs; called by a handler or
     * waker, it returns at once. Without a thread of its own, the thread that calls {@link #work()} is the one to call
     * this.
     */
    @Override
    public void close() {
        boolean first = loop.stop();
        if (thread != null) {
            if (Thread.currentThread() != thread) {
                join(thread);
            }
        } else if (first && loop.isInside()) {
            closedByHandler = true;
        } else if (first) {
            release();
        }
    }

    /**
     * Tells, for monitoring, whether this engine is of use: not closed, and its client of Aeron alive. Wait-free.
     *
     * @return false if it is to be closed, and replaced by a new one
     */
    @CheckReturnValue
    public boolean isUsable() {
        return !loop.isStopped() && !aeron.isClosed();
    }

    /** As patient as can be; an interrupt is passed on to the handler that holds up the thread. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        loop.release();
        if (closesAeron) {
            CloseHelper.quietClose(aeron);
        }
        CloseHelper.quietClose(driver);
    }

    /** The client, for whoever begins to use it. */
    Aeron aeron() {
        loop.checkRunning();
        return aeron;
    }

    void add(Party party) {
        loop.add(party);
    }

    /** Is the calling thread at work here, as in handlers and wakers? */
    boolean isInside() {
        return loop.isInside();
    }

    /** Refuses what would wait for itself. */
    void checkOutside(String what) {
        if (isInside()) {
            throw new IllegalStateException(
                    "a handler or waker must not " + what + ": it holds up the thread that would bring it");
        }
    }

    /** True when {@link #work()} must be called by somebody. */
    boolean isInvoked() {
        return thread == null;
    }
}
