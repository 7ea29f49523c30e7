package io.multishot.examples.simulation;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param arrival the rate of arrivals
 * @param service the rate of services
 * @param servers how many servers each waiting line has
 * @param customers how many customers are measured in each; null for what is usual, or needed
 * @param workers how many threads
 */
record Arguments(
        double arrival,
        double service,
        List<Integer> servers,
        @Nullable Long customers,
        int workers) {
    private static final double LEAST_RATE = 1e-6;
    private static final double GREATEST_RATE = 1e6;
    private static final int MOST_SERVERS = 1000;
    private static final int MOST_WORKERS = 1000;
    private static final long USUAL_CUSTOMERS = 200_000;
    private static final long MOST_CUSTOMERS = 1_000_000_000_000L;
    private static final long PATIENT_CUSTOMERS = 100_000_000;

    /**
     * Checks everything, and says what to simulate.
     *
     * @throws IllegalArgumentException if something is wrong; the message says what, and what would do
     */
    List<Experiment> experiments(long seed) {
        checkRate("--arrival", arrival);
        checkRate("--service", service);
        check(
                arrival / service >= LEAST_RATE,
                "--arrival: %s is too little for a service rate of %s: at least a millionth of it is needed",
                arrival,
                service);
        check(workers >= 1 && workers <= MOST_WORKERS, "--workers: %d is not between 1 and %,d", workers, MOST_WORKERS);
        check(!servers.isEmpty(), "--servers: at least one number is needed");
        check(servers.stream().distinct().count() == servers.size(), "--servers: a number is there twice");
        return servers.stream().map(number -> experiment(number, seed)).toList();
    }

    private Experiment experiment(int number, long seed) {
        check(number >= 1 && number <= MOST_SERVERS, "--servers: %d is not between 1 and %,d", number, MOST_SERVERS);
        Load load = new Load(arrival, service, number);
        check(
                load.isStable(),
                "--arrival: %s is unstable, the line grows for ever: with %d at a service rate of %s (--servers, --service) "
                        + "less than %s can be served",
                arrival,
                number,
                service,
                load.capacity());
        return new Experiment(load, Plan.of(load, customers(load)), seed);
    }

    private long customers(Load load) {
        long least = Plan.leastCustomers(load);
        if (customers == null) {
            check(
                    least <= PATIENT_CUSTOMERS,
                    "--customers: %s at a load of %s needs at least %,d; say so if you have the time",
                    load,
                    load.utilisation(),
                    least);
            return Math.max(least, USUAL_CUSTOMERS);
        }
        check(
                customers >= least,
                "--customers: %,d are too few: %s at a load of %s needs at least %,d for intervals that can be trusted",
                customers,
                load,
                load.utilisation(),
                least);
        check(customers <= MOST_CUSTOMERS, "--customers: %,d are too many: %,d take days", customers, MOST_CUSTOMERS);
        return customers;
    }

    private static void checkRate(String option, double rate) {
        check(
                rate >= LEAST_RATE && rate <= GREATEST_RATE,
                "%s: %s is not a rate between %s and %s",
                option,
                rate,
                LEAST_RATE,
                GREATEST_RATE);
    }

    @FormatMethod
    private static void check(boolean isGood, @FormatString String message, Object... arguments) {
        if (!isGood) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
