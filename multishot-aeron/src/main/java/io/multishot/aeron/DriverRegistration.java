package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.exceptions.DriverTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adds publications and subscriptions and waits for the driver's answer, without holding up others that use the same
 * client, and unharmed by an interrupt, which would end Aeron's client if it waited itself.
 */
final class DriverRegistration {
    private static final long A_MOMENT_NANOS = 100_000;

    private DriverRegistration() {}

    static Publication publication(Aeron aeron, String channel, int stream) {
        return await(aeron, channel, aeron.asyncAddPublication(channel, stream), aeron::getPublication);
    }

    static Subscription subscription(Aeron aeron, String channel, int stream, UnavailableImageHandler departed) {
        return await(
                aeron, channel, aeron.asyncAddSubscription(channel, stream, null, departed), aeron::getSubscription);
    }

    private static <T> T await(Aeron aeron, String channel, long registration, LongFunction<@Nullable T> get) {
        long patience = TimeUnit.MILLISECONDS.toNanos(aeron.context().driverTimeoutMs());
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            T added = get.apply(registration);
            while (added == null) {
                if (System.nanoTime() - start >= patience) {
                    throw new DriverTimeoutException("no answer from the media driver about " + channel);
                }
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(A_MOMENT_NANOS);
                added = get.apply(registration);
            }
            return added;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
