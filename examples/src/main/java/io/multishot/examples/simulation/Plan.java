package io.multishot.examples.simulation;

/**
 * How much is simulated. The replications are independent, and each begins with an empty line. Its first customers only
 * bring the line into its steady state; the measurement begins with the arrival of the last of them.
 *
 * @param customers how many customers are measured in all replications together
 * @param warmUp how many come before, in each of them
 */
record Plan(long customers, long warmUp) {
    /** How many simulations run side by side; {@link Estimate} has the quantile for this many. */
    static final int REPLICATIONS = 20;

    private static final int WARM_UP_TIMES = 6;
    private static final int LEAST_TIMES = 20;
    private static final int LEAST_CUSTOMERS = 500;
    private static final double BEYOND_MEASURE = 1e15;

    static Plan of(Load load, long customers) {
        return new Plan(customers, LEAST_CUSTOMERS / 10 + customersIn(load, WARM_UP_TIMES));
    }

    /**
     * How many customers must be measured at least for intervals that can be trusted: each replication has to last for
     * many relaxation times.
     */
    static long leastCustomers(Load load) {
        return REPLICATIONS * Math.max(LEAST_CUSTOMERS, customersIn(load, LEAST_TIMES));
    }

    /** The customers of one replication that are measured; those that do not divide go to the first ones. */
    long measured(int replication) {
        return customers / REPLICATIONS + (replication < customers % REPLICATIONS ? 1 : 0);
    }

    /** All customers of one replication. */
    long all(int replication) {
        return warmUp + measured(replication);
    }

    /** All customers. */
    long all() {
        return REPLICATIONS * warmUp + customers;
    }

    private static long customersIn(Load load, int relaxationTimes) {
        double customers = Math.ceil(relaxationTimes * load.relaxationTime() * load.arrival());
        return (long) Math.min(customers, BEYOND_MEASURE);
    }
}
