package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.aeron.Aeron;
import io.multishot.Waker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs requesters and responders: an Aeron client, the media driver that it uses, and one thread that receives replies
 * and calls handlers. One engine is enough for a process.
 *
 * <p>The driver is embedded, unless you run one yourself. {@code aeron:ipc} connects engines that share a driver: an
 * engine in another process shares this one's if it is {@linkplain #connected(Path) connected} to the
 * {@linkplain #embedded(Path) directory} of this one. {@code aeron:udp} connects any two.
 *
 * <p><b>Outages.</b> If the driver dies, or this process is stalled for more than ten seconds, the Aeron client closes
 * itself. An engine that has made its client makes a new one, as soon as the driver is alive, and a new embedded driver
 * if need be; until then {@link #isUsable()} returns false. Requests in flight fail, and the requesters and responders
 * carry on with the new client. An engine that uses a client of yours cannot do that: close it, and make a new one. You
 * learn of it from {@link #onUnusable}. (Set the error handler of your client: Aeron's default one exits the process in
 * this case.)
 *
 * <p><b>Stalls.</b> A handler that does not return stalls all that its engine runs. When a duty cycle takes longer than
 * a second, the engine logs where its thread is. While one takes longer than ten seconds, {@link #isUsable()} returns
 * false. Engines whose {@link #work()} you call are not watched.
 *
 * <p><b>Exit.</b> No thread of an engine keeps the JVM running. When the JVM exits, embedded drivers end and delete
 * their files. Those of a process that was killed are deleted by the next {@link #embedded()} of the same user.
 *
 * <p>Aeron needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} on the command line of its JVM.
 *
 * @since 0.1.0
 */
public final class Engine implements AutoCloseable {
    /** How long {@link #close()} waits at most for the engine's thread. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    final Faults faults;
    private final ClientKeeper keeper;
    private final DutyCycle dutyCycle;
    final EngineEndpoints endpoints = new EngineEndpoints(this);
    private final WakeGroup wakeGroup;

    /** Null if nobody can wake the thread, because its idle strategy is the user's or the thread is. */
    private final @Nullable NapIdleStrategy napping;

    /** Null if the caller of {@link #work()} provides the thread. */
    private final @Nullable Thread thread;

    private final StallWatch.@Nullable Watched watched;

    /** Set when a handler closes an engine that has no thread; the end of the cycle then releases it. */
    private boolean releaseAfterCycle;

    // Guarded by the lock of unusableWakers

    private final List<Waker> unusableWakers = new ArrayList<>();
    private boolean unusable;

    private Engine(Aeron aeron, @Nullable AeronClients clients, IdleStrategy idleStrategy, boolean invoked) {
        faults = clients == null ? new Faults() : clients.faults;
        keeper = new ClientKeeper(aeron, clients, faults, this::becomeUnusable);
        dutyCycle = new DutyCycle(idleStrategy, faults);
        dutyCycle.add(keeper);
        wakeGroup = WakeGroup.acquire(Path.of(aeron.context().aeronDirectoryName()));
        if (invoked) {
            napping = null;
            thread = null;
            watched = null;
        } else {
            napping = idleStrategy instanceof NapIdleStrategy nap ? nap : null;
            if (napping != null) {
                wakeGroup.join(napping);
            }
            thread = EmbeddedDriver.newDaemon(this::run, "multishot-aeron");
            watched = StallWatch.watch(dutyCycle, thread, faults);
            thread.start();
        }
    }

    private void run() {
        try {
            dutyCycle.run();
        } finally {
            release();
        }
    }

    /**
     * Starts a media driver in this process, in a directory of its own that it deletes on closing, with
     * {@link BackOff#BALANCED}.
     *
     * @return the engine, which closes the driver when it is closed
     * @throws IllegalStateException if there is not enough shared memory; or if the JVM is exiting
     */
    public static Engine embedded() {
        return embedded(BackOff.BALANCED);
    }

    /**
     * Starts a media driver in this process, in a directory of its own that it deletes on closing.
     *
     * @param backOff how the engine and the driver wait for work
     * @return the engine, which closes the driver when it is closed
     * @throws IllegalStateException if there is not enough shared memory; or if the JVM is exiting
     */
    public static Engine embedded(BackOff backOff) {
        return embedded(EmbeddedDriver.start(Objects.requireNonNull(backOff, "backOff")), backOff);
    }

    /**
     * Starts a media driver in this process, in the given directory, so that other engines can be
     * {@linkplain #connected(Path) connected} to it, with {@link BackOff#BALANCED}.
     *
     * @param directory where the driver keeps its buffers, see {@link #embedded(Path, BackOff)}
     * @return the engine, which closes the driver when it is closed
     * @throws io.aeron.driver.exceptions.ActiveDriverException if the directory belongs to a driver that is running, or
     *     that died less than ten seconds ago
     * @throws IllegalStateException if there is not enough memory; or if the JVM is exiting
     */
    public static Engine embedded(Path directory) {
        return embedded(directory, BackOff.BALANCED);
    }

    /**
     * Starts a media driver in this process, in the given directory, so that other engines can be
     * {@linkplain #connected(Path) connected} to it.
     *
     * @param directory where the driver keeps its buffers, preferably in memory, such as {@code /dev/shm/NAME}. Files
     *     that an earlier driver left there are deleted now, and those of this one on closing
     * @param backOff how the engine and the driver wait for work
     * @return the engine, which closes the driver when it is closed
     * @throws io.aeron.driver.exceptions.ActiveDriverException if the directory belongs to a driver that is running, or
     *     that died less than ten seconds ago
     * @throws IllegalStateException if there is not enough memory; or if the JVM is exiting
     */
    public static Engine embedded(Path directory, BackOff backOff) {
        return embedded(EmbeddedDriver.start(directory, Objects.requireNonNull(backOff, "backOff")), backOff);
    }

    private static Engine embedded(EmbeddedDriver driver, BackOff backOff) {
        try {
            return of(AeronClients.of(driver, backOff), backOff);
        } catch (Throwable failed) {
            CloseHelper.quietClose(driver);
            throw failed;
        }
    }

    /**
     * Connects to a media driver that is running, in this process or in another, with {@link BackOff#BALANCED}.
     *
     * @param directory the driver's directory
     * @return the engine, which does not close the driver
     */
    public static Engine connected(Path directory) {
        return connected(directory, BackOff.BALANCED);
    }

    /**
     * Connects to a media driver that is running, in this process or in another.
     *
     * @param directory the driver's directory
     * @param backOff how the engine waits for work
     * @return the engine, which does not close the driver
     */
    public static Engine connected(Path directory, BackOff backOff) {
        return of(AeronClients.of(directory, Objects.requireNonNull(backOff, "backOff")), backOff);
    }

    private static Engine of(AeronClients clients, BackOff backOff) {
        return new Engine(clients.connect(), clients, backOff.idleStrategy(new Nap.Parking(), () -> {}), false);
    }

    /**
     * Uses an Aeron client of yours, with a thread of the engine's own, and {@link BackOff#BALANCED}.
     *
     * @param aeron the client, which you close, after the engine. If it is in Aeron's invoker mode, the engine's thread
     *     runs its conductor
     * @return the engine
     * @throws IllegalArgumentException if the client is for one thread, because it has a {@code NoOpLock} or invokes
     *     the driver: use {@link #invoked}
     */
    public static Engine of(Aeron aeron) {
        return of(aeron, BackOff.BALANCED.idleStrategy(new Nap.Parking(), () -> {}));
    }

    /**
     * Uses an Aeron client of yours, with a thread of the engine's own and the given idle strategy.
     *
     * @param aeron the client, which you close, after the engine. If it is in Aeron's invoker mode, the engine's thread
     *     runs its conductor
     * @param idleStrategy what the thread does when there is no work; not shared with another engine
     * @return the engine
     * @throws IllegalArgumentException if the client is for one thread, because it has a {@code NoOpLock} or invokes
     *     the driver: use {@link #invoked}
     */
    public static Engine of(Aeron aeron, IdleStrategy idleStrategy) {
        Objects.requireNonNull(idleStrategy, "idleStrategy");
        Aeron.Context context = aeron.context();
        if (context.clientLock() instanceof NoOpLock || context.driverAgentInvoker() != null) {
            throw new IllegalArgumentException(
                    "this Aeron client is for one thread, because it has a NoOpLock or invokes the driver:"
                            + " use Engine.invoked");
        }
        return new Engine(aeron, null, idleStrategy, false);
    }

    /**
     * Uses an Aeron client of yours, and no thread: you call {@link #work()} repeatedly, in an event loop of your own.
     * That saves a switch of threads for each message.
     *
     * @param aeron the client, which you close, after the engine. If it, or the driver that it invokes, is in Aeron's
     *     invoker mode, {@link #work()} runs that, too
     * @return the engine
     */
    public static Engine invoked(Aeron aeron) {
        return new Engine(
                Objects.requireNonNull(aeron, "aeron"),
                null,
                BackOff.BALANCED.idleStrategy(new Nap.Parking(), () -> {}),
                true);
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
     * running, but not for longer than five seconds: then it logs where the engine's thread is, interrupts it, fails
     * the requests in flight, and returns. The thread releases the rest when it comes back, since it may be using it.
     * When a handler or waker calls this, it returns at once. An engine without a thread of its own is closed by the
     * thread that calls {@link #work()}, however long that takes.
     */
    @Override
    public void close() {
        boolean first = dutyCycle.stop();
        if (first) {
            wake();
            becomeUnusable();
        }
        if (thread != null) {
            if (Thread.currentThread() != thread && !hasEnded(thread)) {
                giveUp(thread);
            }
        } else if (first && isInDutyCycle()) {
            releaseAfterCycle = true;
        } else if (first) {
            release();
        }
    }

    /**
     * Waits until the thread ends, but not too long. An interrupt is forwarded, so that a handler that blocks the
     * thread can end.
     */
    private static boolean hasEnded(Thread thread) {
        long start = System.nanoTime();
        boolean interrupted = false;
        long left = CLOSE_NANOS;
        while (thread.isAlive() && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
            left = CLOSE_NANOS - (System.nanoTime() - start);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void giveUp(Thread hung) {
        faults.reportStack(
                "an engine cannot be closed, because its thread is in " + dutyCycle.currentRole()
                        + "; what it uses is released when it returns",
                hung);
        dutyCycle.forEachAgent(agent -> {
            if (agent instanceof ClientFollower follower) {
                follower.onHung();
            }
        });
        hung.interrupt();
    }

    /**
     * Returns whether this engine can be used, for monitoring: it is not closed, its Aeron client is alive, and its
     * thread has not been in one duty cycle for ten seconds. Wait-free.
     *
     * @return false if the engine is of no use at the moment, or for good; see {@link #onUnusable}
     */
    @CheckReturnValue
    public boolean isUsable() {
        return !dutyCycle.isStopped() && keeper.isConnected() && (watched == null || !watched.isHung());
    }

    /**
     * Registers a waker that is called once when this engine becomes unusable for good: when it is closed, or when the
     * Aeron client that you made is. Called at once if it is so already, otherwise on the engine's thread or the one
     * that closes the engine. Any thread; any number of wakers.
     *
     * @param waker called once; must not block
     */
    public void onUnusable(Waker waker) {
        Objects.requireNonNull(waker, "waker");
        synchronized (unusableWakers) {
            if (!unusable) {
                unusableWakers.add(waker);
                return;
            }
        }
        wake(waker);
    }

    /**
     * Sets what gets the faults of this engine, besides the log: what handlers, wakers and codecs throw, what the Aeron
     * client that it made reports, a thread that does not return, a sender that was lost. Called on the thread that
     * finds the fault, often the engine's; what it throws is logged. Any thread.
     *
     * @param handler gets each fault, in place of the one before; null for none
     */
    public void onError(@Nullable ErrorHandler handler) {
        faults.handler(handler);
    }

    private void becomeUnusable() {
        List<Waker> wakers;
        synchronized (unusableWakers) {
            unusable = true;
            wakers = List.copyOf(unusableWakers);
            unusableWakers.clear();
        }
        wakers.forEach(this::wake);
    }

    private void wake(Waker waker) {
        try {
            waker.wake();
        } catch (Throwable fault) {
            faults.report("a waker of Engine.onUnusable", fault);
        }
    }

    private void release() {
        dutyCycle.closeAgents();
        if (napping != null) {
            wakeGroup.leave(napping);
        }
        wakeGroup.release();
        if (watched != null) {
            watched.close();
        }
    }

    /**
     * Returns the client, which may have closed itself; then another one follows.
     *
     * @throws IllegalStateException if this engine is closed
     */
    Aeron aeron() {
        dutyCycle.checkRunning();
        return keeper.aeron();
    }

    /**
     * Runs an agent from now on, and closes it in the end.
     *
     * @param aeron the client that the agent was made with. If it has been replaced meanwhile, the agent is told
     */
    void add(EngineAgent agent, Aeron aeron) {
        dutyCycle.add(new ClientFollower(agent, aeron, keeper));
    }

    /**
     * Ends the naps of all threads of this process that use the same driver, the driver's included. To be called after
     * something was sent, by any thread. One load for each of them that is awake.
     */
    void wake() {
        wakeGroup.wake();
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

    /** Returns whether this engine makes a new Aeron client when the one it has is closed. */
    boolean reconnects() {
        return keeper.reconnects();
    }

    /** Returns whether this engine works only when {@link #work()} is called. */
    boolean isInvoked() {
        return thread == null;
    }
}
