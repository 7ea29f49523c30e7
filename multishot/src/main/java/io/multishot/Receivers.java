package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.OverlapCheck.Visits;
import io.multishot.SlotState.Sentinel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many receivers at once: hedged requests, scatter and gather.
 * <!-- snippet: await-any -->
 *
 * <pre>{@code
 * int first = Receivers.awaitAny(replicas); // the first to reply
 * return replicas.get(first).take();
 * }</pre>
 *
 * <p><b>Nothing is taken.</b> These methods only wait; the caller takes the outcome with {@link Receiver#take()}. A
 * value, a failure and a drop are outcomes alike, and each counts until it is taken ({@code take()} ends a round
 * without a value by throwing). So a second {@code awaitAny} may return the same index again. A receiver with no round
 * in progress is skipped.
 *
 * <p><b>Who may call.</b> The task that owns all the receivers, because the call is one into each of them. No other
 * thread is involved: the calling thread parks, platform or virtual. Before that, a platform thread spins briefly and a
 * virtual one yields once. The thread replaces wakers that were registered before. On return, also by an exception, it
 * is registered in no receiver, and each receiver can be polled, received from and waited for in any way.
 *
 * <p><b>Interrupts and timeouts</b> behave as in {@link Receiver#receive(Duration)}: they lose nothing, and an outcome
 * that was there before wins.
 *
 * <p><b>Cost.</b> One registration in each receiver that has no outcome, and one withdrawal: two atomic
 * read-modify-writes for each receiver and call, and a walk over the list each time the thread is unparked.
 * ({@code awaitAll} has one registration at a time, and withdraws only if it gives up.) If there is an outcome at once,
 * none. No garbage, under the conditions of {@link Receiver}, for an {@link ArrayList}, {@link Arrays#asList}, and an
 * immutable list of {@link List}; other lists are copied first. This suits a handful of receivers, or some dozens. For
 * thousands, let a {@link Task} poll them: each is registered once a round, however many others have an outcome
 * meanwhile.
 * <!-- snippet: drain -->
 *
 * <pre>{@code
 * private final Task drain = new Task(executor, this::drain); // one for all
 *
 * private void drain() {
 *     for (Receiver<String> receiver : receivers) {
 *         while (receiver.poll(drain) == Poll.READY) { // costs one load if it is pending, as before
 *             handle(receiver.take(), receiver); // and asks the next question, or none
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p><b>The list</b> may hold a receiver more than once. It must not change during the call. If it does, nothing
 * breaks, but a receiver that was removed may still unpark the thread.
 *
 * @since 0.1.0
 */
@SuppressWarnings("try") // a visit is opened to be closed
public final class Receivers {
    private static final Class<?> ARRAY = Arrays.asList().getClass();
    private static final Class<?> IMMUTABLE = List.of().getClass();
    private static final Class<?> SMALL_IMMUTABLE = List.of(1).getClass();

    private Receivers() {}

    /**
     * Waits until one of these receivers has an outcome. The search starts at a random index. If several receivers have
     * an outcome, each of them is returned with a probability of at least one in the number of receivers, so none is
     * starved by a busy neighbour.
     *
     * @param receivers the receivers to wait for
     * @return the index of one that has an outcome, which is not taken
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws NullPointerException if the list, or one of its elements, is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException if no round is in progress on any of them, or one is closed or belongs to a future
     *     that is pending
     */
    @CheckReturnValue
    public static int awaitAny(List<? extends Receiver<?>> receivers) throws InterruptedException {
        return any(checked(receivers), false, 0);
    }

    /**
     * Waits like {@link #awaitAny(List)}, but not indefinitely. After a timeout the senders are still live.
     *
     * @param receivers the receivers to wait for
     * @param timeout how long to wait; zero or negative loads each slot once; more than 292 years is taken as 292 years
     * @return the index of one that has an outcome, which is not taken
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws TimeoutException if the time was up before there was an outcome
     * @throws NullPointerException if the list, one of its elements, or the timeout is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException as {@link #awaitAny(List)}
     */
    @CheckReturnValue
    public static int awaitAny(List<? extends Receiver<?>> receivers, Duration timeout)
            throws InterruptedException, TimeoutException {
        long nanos = nanos(timeout);
        int found = any(checked(receivers), true, nanos);
        if (found == ThreadWaiter.NONE) {
            throw Errors.timeout(timeout);
        }
        return found;
    }

    /**
     * Waits until each of these receivers that has a round in progress has an outcome.
     *
     * @param receivers the receivers to wait for
     * @throws InterruptedException if the thread was interrupted before each had an outcome
     * @throws NullPointerException if the list, or one of its elements, is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException as {@link #awaitAny(List)}
     */
    public static void awaitAll(List<? extends Receiver<?>> receivers) throws InterruptedException {
        all(checked(receivers), false, 0);
    }

    /**
     * Waits like {@link #awaitAll(List)}, but not indefinitely. After a timeout the receivers that had no outcome still
     * have live senders.
     *
     * @param receivers the receivers to wait for
     * @param timeout how long to wait for all together; zero or negative loads each slot once; more than 292 years is
     *     taken as 292 years
     * @throws InterruptedException if the thread was interrupted before each had an outcome
     * @throws TimeoutException if the time was up before each had an outcome
     * @throws NullPointerException if the list, one of its elements, or the timeout is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException as {@link #awaitAny(List)}
     */
    public static void awaitAll(List<? extends Receiver<?>> receivers, Duration timeout)
            throws InterruptedException, TimeoutException {
        long nanos = nanos(timeout);
        if (!all(checked(receivers), true, nanos)) {
            throw Errors.someLate(timeout);
        }
    }

    private static long nanos(@Nullable Duration timeout) {
        return TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(timeout, "timeout"));
    }

    private static List<? extends Receiver<?>> checked(List<? extends Receiver<?>> receivers) {
        List<? extends Receiver<?>> checked =
                isTrusted(Objects.requireNonNull(receivers, "receivers").getClass())
                        ? receivers
                        : new ArrayList<>(receivers);
        if (checked.isEmpty()) {
            throw Errors.noReceivers();
        }
        for (int i = 0, size = checked.size(); i < size; i++) {
            Objects.requireNonNull(checked.get(i), "receiver");
        }
        return checked;
    }

    /**
     * Returns whether lists of this class are read without a copy. They allocate nothing then, and run no user code,
     * which might park the thread while it is registered, and so use up the permit of an unpark.
     */
    private static boolean isTrusted(Class<?> list) {
        return list == ArrayList.class || list == ARRAY || list == IMMUTABLE || list == SMALL_IMMUTABLE;
    }

    private static @Nullable Visits enterAll(List<? extends Receiver<?>> receivers) {
        return Checks.FULL ? new Visits(receivers) : null;
    }

    /**
     * Waits for the first outcome. The walks start at a random index: a place to go on from would have to be shared, or
     * would be garbage.
     *
     * @return the index of a receiver that has an outcome, or {@link ThreadWaiter#NONE} if the time is up
     */
    private static int any(List<? extends Receiver<?>> receivers, boolean timed, long nanos)
            throws InterruptedException {
        try (Visits visits = enterAll(receivers)) {
            int start = ThreadLocalRandom.current().nextInt(receivers.size());
            int found = scan(receivers, start);
            return found != ThreadWaiter.NONE
                    ? found
                    : ThreadWaiter.await(receivers.get(0), receivers, start, true, timed, nanos);
        }
    }

    /**
     * Waits until each has an outcome, for one after the other: the last one decides, in whatever order they come. So
     * one waiter is registered at a time, and a sender whose turn has not come unparks nobody.
     *
     * @return false if the time is up
     */
    private static boolean all(List<? extends Receiver<?>> receivers, boolean timed, long nanos)
            throws InterruptedException {
        try (Visits visits = enterAll(receivers)) {
            scan(receivers, 0);
            long deadline = timed ? System.nanoTime() + Math.max(nanos, 0) : 0;
            for (int i = 0, size = receivers.size(); i < size; i++) {
                Receiver<?> each = receivers.get(i);
                if (Sender.isLive(each.load())) {
                    long left = timed ? deadline - System.nanoTime() : 0;
                    if (ThreadWaiter.await(each, null, 0, true, timed, left) == ThreadWaiter.NONE) {
                        return false;
                    }
                    if (Sender.isLive(each.load())) {
                        throw Errors.waiterReplaced();
                    }
                }
            }
            return true;
        }
    }

    /**
     * Loads each slot once, and refuses receivers that cannot be waited for. It visits all of them, so that the answer
     * does not depend on chance.
     *
     * @return the index of the first receiver that has an outcome, or {@link ThreadWaiter#NONE}
     */
    private static int scan(List<? extends Receiver<?>> receivers, int start) {
        int found = ThreadWaiter.NONE;
        boolean live = false;
        int size = receivers.size();
        for (int n = 0, i = start; n != size; n++, i = ThreadWaiter.next(i, size)) {
            Receiver<?> each = receivers.get(i);
            Object seen = each.load();
            if (seen == Sentinel.CLOSED) {
                throw Errors.closed();
            }
            if (Sender.isLive(seen)) {
                live = true;
            } else if (found == ThreadWaiter.NONE && each.isOutcome(seen)) {
                found = i;
            }
        }
        if (found == ThreadWaiter.NONE && !live) {
            throw Errors.noRounds();
        }
        return found;
    }
}
