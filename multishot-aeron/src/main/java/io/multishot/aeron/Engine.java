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
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Runs requesters and responders: an Aeron client, the media driver that it uses, and one thread that receives replies
 * and calls handlers. One engine is enough for a process.
 *
 * <p>The driver is embedded, unless you run one yourself. {@code aeron:ipc} connects engines that share a driver: an
 * engine in another process shares this one's if it is {@linkplain #connected(Path) connected} to the
 * {@linkplain #embedded(Path) directory} of this one. {@code aeron:udp} connects any two.
 *
 * <p>If the driver dies, or this process is stalled for more than ten seconds, the Aeron client closes itself. Then
 * requests in flight fail, {@link Call#ask} throws, {@link #isUsable()} returns false, and handlers get no more
 * requests: close the engine, and make a new one. (If you pass a client of your own, set its error handler: Aeron's
 * default one exits the process in this case.)
 *
 * <p>Aeron needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} on the command line of its JVM.
 */
public final class Engine implements AutoCloseable {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int MAX_SPINS = 100;
    private static final int MAX_YIELDS = 100;
    private static final long MIN_PARK_NANOS = 1_000;
    private static final long MAX_PARK_NANOS = 1_000_000;

    private final Aeron aeron;
    private final @Nullable MediaDriver driver;
    private final boolean ownsAeron;
    private final DutyCycle dutyCycle;
    final EngineEndpoints endpoints = new EngineEndpoints(this);

    /** Null if the caller of {@link #work()} provides the thread. */
    private final @Nullable Thread thread;

    /** Set when a handler closes an engine that has no thread; the end of the cycle then releases it. */
    private boolean releaseAfterCycle;

    private Engine(
            Aeron aeron, @Nullable MediaDriver driver, boolean ownsAeron, IdleStrategy idleStrategy, boolean invoked) {
        this.aeron = aeron;
        this.driver = driver;
        this.ownsAeron = ownsAeron;
        dutyCycle = new DutyCycle(idleStrategy);
        thread = invoked ? null : start();
    }

    private Thread start() {
        Thread started = new Thread(
                () -> {
                    try {
                        dutyCycle.run();
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
     * Starts a media driver in this process, with one thread, and a directory of its own that it deletes on closing.
     *
     * @return the engine, which closes the driver when it is closed
     */
    public static Engine embedded() {
        return embedded(Path.of(CommonContext.generateRandomDirName()));
    }

    /**
     * Starts a media driver in this process, with one thread, in the given directory, so that other engines can be
     * {@linkplain #connected(Path) connected} to it.
     *
     * @param directory where the driver keeps its buffers, preferably in memory, such as {@code /dev/shm/NAME}. Files
     *     that an earlier driver left there are deleted now, and those of this one on closing
     * @return the engine, which closes the driver when it is closed
     * @throws io.aeron.driver.exceptions.ActiveDriverException if the directory belongs to a driver that is running, or
     *     that died less than ten seconds ago
     */
    public static Engine embedded(Path directory) {
        MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(true));
        try {
            return new Engine(connect(directory), driver, true, defaultIdleStrategy(), false);
        } catch (Throwable failed) {
            CloseHelper.quietClose(driver);
            throw failed;
        }
    }

    /**
     * Connects to a media driver that is running, in this process or in another.
     *
     * @param directory the driver's directory
     * @return the engine, which does not close the driver
     */
    public static Engine connected(Path directory) {
        return new Engine(connect(directory), null, true, defaultIdleStrategy(), false);
    }

    /**
     * Uses an Aeron client of yours, with a thread of the engine's own.
     *
     * @param aeron the client, which you close, after the engine
     * @return the engine
     */
    public static Engine of(Aeron aeron) {
        return of(aeron, defaultIdleStrategy());
    }

    /**
     * Uses an Aeron client of yours, with a thread of the engine's own and the given idle strategy.
     *
     * @param aeron the client, which you close, after the engine
     * @param idleStrategy what the thread does when there is no work; not shared with another engine
     * @return the engine
     */
    public static Engine of(Aeron aeron, IdleStrategy idleStrategy) {
        Objects.requireNonNull(idleStrategy, "idleStrategy");
        return new Engine(Objects.requireNonNull(aeron, "aeron"), null, false, idleStrategy, false);
    }

    /**
     * Uses an Aeron client of yours, and no thread: you call {@link #work()} repeatedly, in an event loop of your own.
     * That saves a switch of threads for each message.
     *
     * @param aeron the client, which you close, after the engine
     * @return the engine
     */
    public static Engine invoked(Aeron aeron) {
        return new Engine(Objects.requireNonNull(aeron, "aeron"), null, false, defaultIdleStrategy(), true);
    }

    /** Spins and yields for about ten microseconds, for messages in quick succession; then parks, longer and longer. */
    private static IdleStrategy defaultIdleStrategy() {
        return new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NANOS, MAX_PARK_NANOS);
    }

    /**
     * Connects a client whose error handler does not exit the process when the driver is gone, as the default one does.
     * A client that has lost its driver unmaps its buffers at once; the linger time lets threads that are writing to
     * them finish.
     */
    private static Aeron connect(Path directory) {
        Aeron.Context context = new Aeron.Context().aeronDirectoryName(directory.toString());
        context.errorHandler(fault -> {
            if (fault instanceof DriverTimeoutException) {
                context.closeLingerDurationNs(LINGER_NANOS);
            }
            Log.error("the Aeron client of " + directory, fault);
        });
        return Aeron.connect(context);
    }

    /**
     * Runs one duty cycle, as {@link Agent#doWork()} does: receives replies, passes requests to handlers, checks the
     * peers. Never blocks. Always to be called by the same thread.
     *
     * @return how much was done; 0 if there was no work
     * @throws IllegalStateException if this engine has a thread of its own; or if a cycle is in progress, on another
     *     thread, or on this one because a handler or waker has called this
     */
    public int work() {
        if (thread != null) {
            throw new IllegalStateException("this engine has a thread of its own: work() is for Engine.invoked");
        }
        int workCount = dutyCycle.doWork();
        if (releaseAfterCycle) {
            releaseAfterCycle = false;
            release();
        }
        return workCount;
    }

    /**
     * Closes all requesters and responders, then the Aeron client and the driver that this engine has started. Requests
     * in flight fail. Idempotent. Waits for threads that are sending a request or a reply, and for a handler that is
     * running; but when a handler or waker calls this, it returns at once. An engine without a thread of its own is
     * closed by the thread that calls {@link #work()}.
     */
    @Override
    public void close() {
        boolean first = dutyCycle.stop();
        if (thread != null) {
            if (Thread.currentThread() != thread) {
                joinUninterruptibly(thread);
            }
        } else if (first && isInDutyCycle()) {
            releaseAfterCycle = true;
        } else if (first) {
            release();
        }
    }

    /**
     * Returns whether this engine can be used, for monitoring: it is not closed, and its Aeron client is alive.
     * Wait-free.
     *
     * @return false if the engine is to be closed and replaced by a new one
     */
    @CheckReturnValue
    public boolean isUsable() {
        return !dutyCycle.isStopped() && !aeron.isClosed();
    }

    /** Waits until the thread ends. An interrupt is forwarded, so that a handler that blocks the thread can end. */
    private static void joinUninterruptibly(Thread thread) {
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
        dutyCycle.closeAgents();
        if (ownsAeron) {
            CloseHelper.quietClose(aeron);
        }
        CloseHelper.quietClose(driver);
    }

    /**
     * Returns the client.
     *
     * @throws IllegalStateException if this engine is closed
     */
    Aeron aeron() {
        dutyCycle.checkRunning();
        return aeron;
    }

    /** Runs an agent from now on, and closes it in the end. */
    void add(EngineAgent agent) {
        dutyCycle.add(agent);
    }

    /** Returns whether the calling thread is in a duty cycle of this engine, as handlers and wakers are. */
    boolean isInDutyCycle() {
        return dutyCycle.isOnThisThread();
    }

    /** Refuses an action that would block this engine until this engine makes progress. */
    void checkNotInDutyCycle(String action) {
        if (isInDutyCycle()) {
            throw new IllegalStateException(
                    "a handler or waker must not " + action + ": it blocks the thread that would end the wait");
        }
    }

    /** Returns whether this engine works only when {@link #work()} is called. */
    boolean isInvoked() {
        return thread == null;
    }
}
