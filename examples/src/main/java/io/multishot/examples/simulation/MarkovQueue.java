package io.multishot.examples.simulation;

/**
 * An M/M/c queue, and the closed forms of its steady state. Customers arrive at random, wait in one line, and are
 * served first come, first served. A service takes one unit of time on average.
 *
 * @param arrival the mean number of arrivals in a unit of time
 * @param servers the number of servers, and so of customers that can be served in a unit of time
 */
record MarkovQueue(double arrival, int servers) {
    /** Returns Erlang's C, the probability that a customer has to wait, from Erlang's B, whose recursion is stable. */
    double waitingProbability() {
        double blocked = 1;
        for (int i = 1; i <= servers; i++) {
            blocked = arrival * blocked / (i + arrival * blocked);
        }
        return blocked / (1 - arrival / servers * (1 - blocked));
    }

    double waitInLine() {
        return waitingProbability() * patience();
    }

    /**
     * Returns the mean number of customers in line or in service, by Little's law. It is what an arrival finds on
     * average, too, because the arrivals do not depend on what happened before.
     */
    double numberInSystem() {
        return arrival * (waitInLine() + 1);
    }

    /** Returns how long the inspector waits at most: as long as a customer that has to wait does on average. */
    double patience() {
        return 1 / (servers - arrival);
    }

    /** Returns the probability that a wait exceeds the inspector's patience. */
    double impatience() {
        return waitingProbability() / Math.E;
    }

    /** Returns the name in Kendall's notation. */
    @Override
    public String toString() {
        return "M/M/" + servers;
    }
}
