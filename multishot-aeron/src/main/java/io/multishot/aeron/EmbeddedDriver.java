package io.multishot.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A media driver in this process: one thread that does everything, and one that resolves host names; both are daemons.
 * Its buffers are small, so that it starts where shared memory has 64 MB, as in a container.
 */
final class EmbeddedDriver implements AutoCloseable {
    /** The length of a term, unless the channel sets one. */
    private static final int TERM_LENGTH = 1 << 20;

    /** Room for 16,384 counters, of which a requester over UDP takes about seven at each end. */
    private static final int COUNTER_VALUES_LENGTH = 2 << 20;

    /** Commands, counters, errors, and a report of losses. */
    private static final long OWN_BYTES = (17 << 20) + 4096;

    /** Three terms and a page. */
    private static final long LOG_BYTES = 3 * TERM_LENGTH + 4096;

    /**
     * Over UDP, each direction between a requester and a responder has a log where it is written, and one where it is
     * read.
     */
    static final long NEEDED_BYTES = OWN_BYTES + 4 * LOG_BYTES;

    private static final int RESOLVER_SLEEP_MILLIS = 16;

    private final Path path;
    private final @Nullable DriverDirectory directory;
    private final WakeGroup wakeGroup;
    private final DriverSockets sockets = new DriverSockets();
    private final NapIdleStrategy idleStrategy;

    // Guarded by the lock of this object

    private @Nullable MediaDriver driver;
    private @Nullable Thread thread;
    private boolean closed;

    private EmbeddedDriver(Path path, @Nullable DriverDirectory directory, BackOff backOff) {
        this.path = path;
        this.directory = directory;
        wakeGroup = WakeGroup.acquire(path);
        idleStrategy = backOff.idleStrategy(sockets, wakeGroup::wake);
        wakeGroup.join(idleStrategy);
    }

    /** Starts a driver in a directory of its own. */
    static EmbeddedDriver start(BackOff backOff) {
        SharedMemory.checkRoom(DriverDirectory.parent(), NEEDED_BYTES);
        DriverDirectory directory = DriverDirectory.create(DriverDirectory.parent());
        return start(new EmbeddedDriver(directory.path(), directory, backOff));
    }

    /** Starts a driver in a directory that the user names. */
    static EmbeddedDriver start(Path path, BackOff backOff) {
        if (Files.notExists(path)) {
            SharedMemory.checkRoom(path, NEEDED_BYTES);
        }
        return start(new EmbeddedDriver(path, null, backOff));
    }

    private static EmbeddedDriver start(EmbeddedDriver created) {
        try {
            EmbeddedDrivers.add(created);
            created.launch(false);
            return created;
        } catch (Throwable failed) {
            created.close();
            throw failed;
        }
    }

    private synchronized void launch(boolean deleteFiles) {
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(path.toString())
                .dirDeleteOnStart(deleteFiles)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedThreadFactory(this::newThread)
                .sharedIdleStrategy(idleStrategy)
                .asyncExecutorThreadFactory(work -> newDaemon(work, "multishot-aeron-resolver"))
                .asyncExecutorIdleStrategy(new SleepingMillisIdleStrategy(RESOLVER_SLEEP_MILLIS))
                .counterValuesBufferLength(COUNTER_VALUES_LENGTH)
                .publicationTermBufferLength(TERM_LENGTH)
                .ipcTermBufferLength(TERM_LENGTH)
                .termBufferSparseFile(true)
                .performStorageChecks(true)
                .lowStorageWarningThreshold(LOG_BYTES);
        sockets.watch(context);
        driver = MediaDriver.launch(context);
    }

    private Thread newThread(Runnable work) {
        Thread created = newDaemon(work, "multishot-aeron-driver");
        thread = created;
        return created;
    }

    static Thread newDaemon(Runnable work, String name) {
        Thread created = new Thread(work, name);
        created.setDaemon(true);
        return created;
    }

    Path path() {
        return path;
    }

    /** Starts a new driver in the same directory if this one has died, or if somebody has deleted its files. */
    synchronized void restartIfDead() {
        boolean alive = thread != null && thread.isAlive() && Files.exists(path.resolve(CncFileDescriptor.CNC_FILE));
        if (!alive && !closed) {
            Log.warn("the embedded media driver in " + path + " is dead: a new one is started");
            CloseHelper.quietClose(driver);
            launch(true);
        }
    }

    /** Ends the driver, and deletes its directory. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        CloseHelper.quietCloseAll(driver, sockets);
        wakeGroup.leave(idleStrategy);
        wakeGroup.release();
        if (directory != null) {
            directory.close();
        }
        EmbeddedDrivers.remove(this);
    }

    /** Deletes the files of a driver that cannot be ended, when the JVM exits. */
    void deleteFiles() {
        IoUtil.delete(path.toFile(), true);
        if (directory != null) {
            directory.close();
        }
    }
}
