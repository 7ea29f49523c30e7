package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.TimeoutException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/** Makes the Aeron clients of an engine, one after the other, and owns the driver if that is embedded. */
final class AeronClients implements AutoCloseable {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(3);

    final Faults faults = new Faults();

    private final Path directory;
    private final BackOff backOff;
    private final @Nullable EmbeddedDriver driver;

    private AeronClients(Path directory, BackOff backOff, @Nullable EmbeddedDriver driver) {
        this.directory = directory;
        this.backOff = backOff;
        this.driver = driver;
    }

    /** Clients of a driver that is not ours. */
    static AeronClients of(Path directory, BackOff backOff) {
        return new AeronClients(directory, backOff, null);
    }

    /** Clients of an embedded driver. */
    static AeronClients of(EmbeddedDriver driver, BackOff backOff) {
        return new AeronClients(driver.path(), backOff, driver);
    }

    /**
     * Connects a client whose error handler does not exit the process when the driver is gone, as the default one does.
     * A client that closes itself unmaps its buffers at once; the linger time lets threads that are writing to them
     * finish.
     */
    Aeron connect() {
        Aeron.Context context = new Aeron.Context()
                .aeronDirectoryName(directory.toString())
                .threadFactory(conductor -> EmbeddedDriver.newDaemon(conductor, "multishot-aeron-client"))
                .idleStrategy(backOff.clientIdleStrategy());
        context.errorHandler(fault -> {
            if (fault instanceof AgentTerminationException) {
                return; // the end of the client's thread, after another fault
            }
            if (fault instanceof TimeoutException || fault.getClass() == AeronException.class) {
                context.closeLingerDurationNs(LINGER_NANOS);
            }
            faults.report("the Aeron client of " + directory, fault);
        });
        return Aeron.connect(context);
    }

    /** Connects a client in place of one that has closed itself; null if the driver does not answer yet. */
    @Nullable Aeron reconnect() {
        if (driver != null) {
            driver.restartIfDead();
        }
        long timeoutMillis = TimeUnit.NANOSECONDS.toMillis(LINGER_NANOS);
        return CommonContext.isDriverActive(directory.toFile(), timeoutMillis, message -> {}) ? connect() : null;
    }

    @Override
    public void close() {
        CloseHelper.quietClose(driver);
    }
}
