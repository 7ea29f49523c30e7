package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for many receivers at once: hedged requests, scatter and gather.
 * <!-- snippet: await-any -->
 *
 * <pre>{@code
 * int first = Receivers.awaitAny(replicas); // whoever answers first
 * return replicas.get(first).take();
 * }</pre>
 *
 * <p><b>Nothing is taken.</b> These methods only wait; the caller takes what there is, with {@link Receiver#take()}. A
 * value, a failure and a drop are outcomes alike, and each counts until it is taken ({@code take()} ends a round
 * without a value by throwing). So {@code awaitAny} called again at once may return the same index again. A receiver
 * with no round in progress is skipped.
 *
 * <p><b>Who may call.</b> The task that owns all the receivers, for the call is one into each of them. No other thread
 * is involved: the calling one parks, platform or virtual; before that, a platform thread spins briefly, a virtual one
 * yields once. It replaces wakers that were registered before. On return, also by an exception, it is registered
 * nowhere: each receiver can be polled, received from and waited for in any way.
 *
 * <p><b>Interrupts and timeouts</b> are those of {@link Receiver#receive(Duration)}: they lose nothing, and an outcome
 * that was there before wins.
 *
 * <p><b>Cost.</b> One registration in each receiver that has no outcome, and one withdrawal: two atomic
 * read-modify-writes for each receiver and call, and a walk over the list after each time the thread is woken.
 * ({@code awaitAll} has one registration at a time, and withdraws only if it gives up.) If there is an outcome at once,
 * none. No garbage, under the conditions of {@link Receiver} and for a list with {@linkplain RandomAccess random
 * access}; others are copied first. That is for a handful or some dozens. To drain thousands, let a {@link Task} poll
 * them: each is registered once a round, however many others have an outcome meanwhile.
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
 * <p><b>The list</b> may hold a receiver more than once. It must not change during the call; if it does, nothing
 * breaks, but a receiver that was taken out may go on waking the thread.
 */
@SuppressWarnings("try") // a visit is opened to be closed
public final class Receivers {
    private Receivers() {}

    /**
     * Waits until one of these receivers has an outcome. If several have one, each of them has a chance of at least one
     * in the number of receivers to be the one that is returned, whatever its index: none is starved by a busy
     * neighbour.
     *
     * @param receivers whom to wait for
     * @return the index of one that has an outcome, which is not taken
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws NullPointerException if the list, or one of its elements, is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException if no round is in progress on any of them, or one is closed or belongs to a future
     *     that is pending
     */
    @CheckReturnValue
    public static int awaitAny(List<? extends Receiver<?>> receivers) throws InterruptedException {
        List<? extends Receiver<?>> checked = checked(receivers);
        try (OverlapCheck.Visits visits = OverlapCheck.enterAll(checked)) {
            return ManyRounds.awaitAny(checked, false, 0);
        }
    }

    /**
     * Waits like {@link #awaitAny(List)}, but not for ever. After a timeout the senders are still live.
     *
     * @param receivers whom to wait for
     * @param timeout how long to wait; zero or negative looks once; what exceeds 292 years is taken as 292 years
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
        List<? extends Receiver<?>> checked = checked(receivers);
        try (OverlapCheck.Visits visits = OverlapCheck.enterAll(checked)) {
            int found = ManyRounds.awaitAny(checked, true, nanos);
            if (found == ManyRounds.NONE) {
                throw Errors.timeout(timeout);
            }
            return found;
        }
    }

    /**
     * Waits until each of these receivers that has a round in progress has an outcome.
     *
     * @param receivers whom to wait for
     * @throws InterruptedException if the thread was interrupted before each had an outcome
     * @throws NullPointerException if the list, or one of its elements, is null
     * @throws IllegalArgumentException if the list is empty
     * @throws IllegalStateException as {@link #awaitAny(List)}
     */
    public static void awaitAll(List<? extends Receiver<?>> receivers) throws InterruptedException {
        List<? extends Receiver<?>> checked = checked(receivers);
        try (OverlapCheck.Visits visits = OverlapCheck.enterAll(checked)) {
            ManyRounds.awaitAll(checked, false, 0);
        }
    }

    /**
     * Waits like {@link #awaitAll(List)}, but not for ever. After a timeout those that had no outcome still have live
     * senders.
     *
     * @param receivers whom to wait for
     * @param timeout how long to wait for all together; zero or negative looks once at each; what exceeds 292 years is
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
        List<? extends Receiver<?>> checked = checked(receivers);
        try (OverlapCheck.Visits visits = OverlapCheck.enterAll(checked)) {
            if (!ManyRounds.awaitAll(checked, true, nanos)) {
                throw Errors.someLate(timeout);
            }
        }
    }

    private static long nanos(@Nullable Duration timeout) {
        return TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(timeout, "timeout"));
    }

    private static List<? extends Receiver<?>> checked(List<? extends Receiver<?>> receivers) {
        List<? extends Receiver<?>> checked = Objects.requireNonNull(receivers, "receivers") instanceof RandomAccess
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
}
