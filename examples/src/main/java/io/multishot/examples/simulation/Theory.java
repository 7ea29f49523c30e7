package io.multishot.examples.simulation;

/** What a waiting line does in its steady state, in closed form. */
final class Theory {
    private final Load load;

    Theory(Load load) {
        this.load = load;
    }

    /** Erlang's C: the probability that a customer has to wait. By way of Erlang's B, whose recursion is stable. */
    double waitingProbability() {
        double offered = load.arrival() / load.service();
        double blocked = 1;
        for (int servers = 1; servers <= load.servers(); servers++) {
            blocked = offered * blocked / (servers + offered * blocked);
        }
        return blocked / (1 - load.utilisation() * (1 - blocked));
    }

    double utilisation() {
        return load.utilisation();
    }

    double waitInQueue() {
        return waitingProbability() / (load.capacity() - load.arrival());
    }

    double timeInSystem() {
        return waitInQueue() + 1 / load.service();
    }

    /** By Little's law. */
    double numberInSystem() {
        return load.arrival() * timeInSystem();
    }

    /** The probability that the wait exceeds the inspector's patience. */
    double givenUp() {
        return waitingProbability() * Math.exp(-(load.capacity() - load.arrival()) * load.patience());
    }
}
