package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.exceptions.RegistrationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adds publications and subscriptions, and waits until the media driver has registered them. Aeron's own methods for
 * this hold the lock of the client while they wait, and an interrupt during that wait closes the client; these do
 * neither. Meanwhile they run a conductor that has no thread.
 */
final class DriverRegistration {
    private static final long PARK_NANOS = 100_000;

    private DriverRegistration() {}

    static Publication addPublication(Aeron aeron, String channel, int stream) {
        return await(aeron, channel, aeron.asyncAddPublication(channel, stream), aeron::getPublication);
    }

    static Subscription addSubscription(
            Aeron aeron, String channel, int stream, UnavailableImageHandler unavailableImageHandler) {
        long registrationId = aeron.asyncAddSubscription(channel, stream, null, unavailableImageHandler);
        return await(aeron, channel, registrationId, aeron::getSubscription);
    }

    private static <T> T await(
            Aeron aeron, String channel, long registrationId, LongFunction<@Nullable T> getRegistered) {
        long timeout = TimeUnit.MILLISECONDS.toNanos(aeron.context().driverTimeoutMs());
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            T registered = getRegistered.apply(registrationId);
            while (registered == null) {
                if (System.nanoTime() - start >= timeout) {
                    throw new DriverTimeoutException("no answer from the media driver about " + channel);
                }
                interrupted |= Thread.interrupted();
                if (ClientKeeper.invoke(aeron) == 0) {
                    LockSupport.parkNanos(PARK_NANOS);
                }
                registered = getRegistered.apply(registrationId);
            }
            return registered;
        } catch (RegistrationException refused) {
            throw SharedMemory.explain(refused, channel);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
