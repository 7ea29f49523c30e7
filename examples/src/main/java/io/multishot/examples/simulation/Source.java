package io.multishot.examples.simulation;

import io.multishot.examples.simulation.InLine.Customer;
import java.util.concurrent.atomic.LongAdder;

/** Sends customers to the line, and asks how many each of them finds there. */
final class Source extends Model {
    private final Exponential interarrivals;
    private final Requestor<Customer, Integer> arrivals;
    private final long warmUp;
    private final long all;
    private final LongAdder progress;

    private long arrived;
    private long found;

    /**
     * Makes the source.
     *
     * @param warmUp how many customers come before those that count
     * @param all how many come
     * @param progress counts those of all replications
     */
    Source(Scheduler scheduler, Line line, Exponential interarrivals, long warmUp, long all, LongAdder progress) {
        super(scheduler);
        this.interarrivals = interarrivals;
        this.arrivals = new Requestor<>(this, line.arrivals(), this::found);
        this.warmUp = warmUp;
        this.all = all;
        this.progress = progress;
        after(interarrivals.next(), this::arrive);
    }

    private void arrive() {
        arrived++;
        progress.increment();
        arrivals.ask(new Customer(arrived, now()));
        if (arrived < all) {
            after(interarrivals.next(), this::arrive);
        }
    }

    private void found(int customers) {
        if (arrived > warmUp) {
            found += customers;
        }
    }

    /** How many customers were found by those that count, on average. */
    Ratio numberFound() {
        return new Ratio(found, all - warmUp);
    }
}
