package io.multishot.examples.simulation;

/**
 * A waiting line with servers. Customers arrive at random, each is served by the server that has been idle for longest,
 * or else waits; first come, first served.
 *
 * @param arrival how many customers arrive in a unit of time, on average
 * @param service how many a server serves in a unit of time, on average
 * @param servers how many servers there are
 */
record Load(double arrival, double service, int servers) {
    /** The share of their time that the servers work. */
    double utilisation() {
        return arrival / capacity();
    }

    /** How many customers all servers together can serve in a unit of time. */
    double capacity() {
        return servers * service;
    }

    boolean isStable() {
        return arrival < capacity();
    }

    /**
     * How long the line remembers: what it deviates from its steady state by shrinks, per such a time, by a factor of e
     * at least.
     */
    double relaxationTime() {
        double gap = Math.sqrt(capacity()) - Math.sqrt(arrival);
        return Math.max(1 / service, 1 / (gap * gap));
    }

    /** How long the inspector is willing to wait: as long as a customer that has to wait does on average. */
    double patience() {
        return 1 / (capacity() - arrival);
    }

    /** From one inspection to the next: longer than the patience, so that the last one is over. */
    double inspectionPeriod() {
        return 2 * patience() + 1 / arrival;
    }

    /** The name in Kendall's notation. */
    @Override
    public String toString() {
        return "M/M/" + servers;
    }
}
