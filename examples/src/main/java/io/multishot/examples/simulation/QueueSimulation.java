package io.multishot.examples.simulation;

import io.multishot.Sender;
import io.multishot.examples.simulation.Scheduler.Counters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.JumpableGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** One simulation of a queue, which begins empty. */
final class QueueSimulation {
    /** The length of the line is recorded while this many customers arrive. */
    private static final int RECORDED = 1000;

    private final MarkovQueue queue;
    private final long warmUp;
    private final long all;
    private final Sender<Result> sender;
    private final Scheduler clock;
    private final JumpableGenerator streams;
    private final Line line;
    private final Source source;

    /**
     * Prepares a simulation.
     *
     * @param customers the number of customers that are measured; a tenth as many come before
     * @param executor runs the models
     * @param sender where the result goes
     */
    QueueSimulation(MarkovQueue queue, long customers, long seed, Executor executor, Sender<Result> sender) {
        this.queue = queue;
        this.warmUp = customers / 10;
        this.all = warmUp + customers;
        this.sender = sender;
        clock = new Scheduler(executor, this::end);
        streams = RandomGeneratorFactory.<JumpableGenerator>of("Xoshiro256PlusPlus")
                .create(seed);
        line = new Line();
        source = new Source();
        for (int i = 0; i < queue.servers(); i++) {
            new Server();
        }
        new Inspector();
    }

    void start() {
        clock.advance();
    }

    private void end(@Nullable Throwable fault) {
        if (fault != null) {
            sender.fail(fault);
            return;
        }
        double measured = all - warmUp;
        List<Mean> means = List.of(
                new Mean("customers found by arrivals", queue.numberInSystem(), source.found / measured),
                new Mean("share of customers that wait", queue.waitingProbability(), line.waited / measured),
                new Mean("wait in line", queue.waitInLine(), line.waits / measured),
                new Mean("share of inspections given up", queue.impatience(), (double) line.givenUp / line.inspected));
        sender.send(new Result(queue, means, line.lengths, clock.counters));
    }

    /** Returns exponential times from a stream of random numbers of their own, the same on every JVM. */
    private DoubleSupplier times(double rate) {
        RandomGenerator random = streams.copyAndJump();
        return () -> -StrictMath.log1p(-random.nextDouble()) / rate;
    }

    /** What was measured, how long the line was at first, and what happened to the queries. */
    record Result(MarkovQueue queue, List<Mean> means, List<Length> lengths, Counters counters) {}

    /** A mean over customers or over inspections, beside what theory says. */
    record Mean(String title, double closedForm, double simulated) {}

    /** A change of the length of the line: how many customers wait from that time on. */
    record Length(double time, int waiting) {}

    private sealed interface InLine {}

    /** A customer to be served. The number counts the customers from one. */
    private record Customer(long number, double arrival) implements InLine {}

    /** An inspector, who needs no service and leaves as soon as a server is free. */
    private record Inspection(Sender<Boolean> turn) implements InLine {}

    /**
     * The line between customers and servers. An idle server is one whose query has no reply yet: the line keeps its
     * sender until there is a customer.
     */
    private final class Line extends Model {
        private final Queue<InLine> line = new ArrayDeque<>();
        private final Queue<Sender<Customer>> idle = new ArrayDeque<>();
        private final List<Length> lengths = new ArrayList<>(List.of(new Length(0, 0)));
        private long arrived;
        private int waiting;
        private long waited;
        private double waits;
        private long inspected;
        private long givenUp;

        Line() {
            super(clock);
        }

        /** The query of the source. The reply is the number of customers in the system, without this one. */
        void arrive(Customer customer, Sender<Integer> others) {
            reply(others, waiting + queue.servers() - idle.size());
            arrived = customer.number();
            line.add(customer);
            waiting++;
            serve();
        }

        /** The query of a server. The reply is the next customer. */
        void serve(Server server, Sender<Customer> next) {
            idle.add(next);
            serve();
        }

        /** The query of the inspector. The reply is true, at his turn; or false, if no more customers will arrive. */
        void inspect(Inspector inspector, Sender<Boolean> turn) {
            if (arrived == all) {
                reply(turn, false);
            } else {
                line.add(new Inspection(turn));
                serve();
            }
        }

        /** Serves the front of the line, as long as there is an idle server. */
        private void serve() {
            while (!line.isEmpty() && !idle.isEmpty()) {
                InLine first = line.remove();
                if (first instanceof Customer customer) {
                    waiting--;
                    double wait = customer.number() > warmUp ? now() - customer.arrival() : 0;
                    waits += wait;
                    waited += wait > 0 ? 1 : 0;
                    reply(idle.remove(), customer);
                } else if (first instanceof Inspection inspection) {
                    inspected++;
                    givenUp += reply(inspection.turn(), true) ? 0 : 1;
                }
            }
            if (arrived <= RECORDED && lengths.get(lengths.size() - 1).waiting() != waiting) {
                lengths.add(new Length(now(), waiting));
            }
        }
    }

    /** Sends customers to the line, and adds up how many others each of them finds there. */
    private final class Source extends Model {
        private final Connection<Customer, Integer> arrivals = new Connection<>(this, line, line::arrive, this::found);
        private final DoubleSupplier times = times(queue.arrival());
        private long arrived;
        private long found;

        Source() {
            super(clock);
            after(times.getAsDouble(), this::arrive);
        }

        private void arrive() {
            arrived++;
            arrivals.ask(new Customer(arrived, now()));
            if (arrived < all) {
                after(times.getAsDouble(), this::arrive);
            }
        }

        private void found(int others) {
            found += arrived > warmUp ? others : 0;
        }
    }

    /** Asks the line for the next customer, and is idle until it gets one. */
    private final class Server extends Model {
        private final Connection<Server, Customer> work = new Connection<>(this, line, line::serve, this::serve);
        private final DoubleSupplier times = times(1);

        Server() {
            super(clock);
            after(0, () -> work.ask(this));
        }

        private void serve(Customer next) {
            after(times.getAsDouble(), () -> work.ask(this));
        }
    }

    /** Queries the line at regular times, to learn when it is his turn, and gives up when his patience is exhausted. */
    private final class Inspector extends Model {
        private final Connection<Inspector, Boolean> turns = new Connection<>(this, line, line::inspect, this::turn);
        private final double period = 2 * queue.patience() + 1 / queue.arrival();
        private boolean isOpen = true;

        Inspector() {
            super(clock);
            after(period, this::inspect);
        }

        private void inspect() {
            if (isOpen) {
                turns.ask(this, queue.patience());
                after(period, this::inspect);
            }
        }

        private void turn(boolean isTurn) {
            isOpen = isTurn;
        }
    }
}
