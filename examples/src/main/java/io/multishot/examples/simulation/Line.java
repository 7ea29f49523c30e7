package io.multishot.examples.simulation;

import io.multishot.Sender;
import io.multishot.examples.simulation.InLine.Customer;
import io.multishot.examples.simulation.InLine.Inspection;
import io.multishot.examples.simulation.InLine.Turn;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The line, between customers who wait and servers who wait. A server that is idle is one whose query has not been
 * answered: its sender is kept until there is a customer to send.
 */
final class Line extends Model {
    private final Replier<Customer, Integer> arrivals = new Replier<>(this, this::arrive);
    private final Replier<Optional<Customer>, Customer> work = new Replier<>(this, this::work);
    private final Replier<Inspector, Turn> inspections = new Replier<>(this, (inspector, turn) -> inspect(turn));

    private final Queue<InLine> line = new ArrayDeque<>();
    private final Queue<Sender<Customer>> idle = new ArrayDeque<>();
    private final int servers;
    private final long warmUp;
    private final long all;
    private final Trace trace;

    private long arrived;
    private int waiting;
    private double lastChange;

    private double measuredTime;
    private double workedTime;
    private double systemIntegral;
    private double waits;
    private double stays;
    private long inspected;
    private long givenUp;

    /**
     * Makes the line.
     *
     * @param warmUp how many customers come before those that count
     * @param all how many come
     * @param trace where the length of the line is written down
     */
    Line(Scheduler scheduler, int servers, long warmUp, long all, Trace trace) {
        super(scheduler);
        this.servers = servers;
        this.warmUp = warmUp;
        this.all = all;
        this.trace = trace;
    }

    /** Customers arrive here, and learn how many others are in the system. */
    Replier<Customer, Integer> arrivals() {
        return arrivals;
    }

    /** Servers ask here for the next customer, and say who leaves. */
    Replier<Optional<Customer>, Customer> work() {
        return work;
    }

    /** Inspectors ask here when it would be their turn. */
    Replier<Inspector, Turn> inspections() {
        return inspections;
    }

    private void arrive(Customer customer, Sender<Integer> others) {
        account();
        answer(others, waiting + working());
        arrived = customer.number();
        line.add(customer);
        waiting++;
        advance();
    }

    private void work(Optional<Customer> served, Sender<Customer> next) {
        account();
        served.filter(this::counts).ifPresent(customer -> stays += now() - customer.arrival());
        idle.add(next);
        advance();
    }

    private void inspect(Sender<Turn> turn) {
        if (arrived == all) {
            answer(turn, Turn.CLOSED);
        } else {
            line.add(new Inspection(turn, isMeasuring()));
            advance();
        }
    }

    /** Sends those in front on their way, as long as there is an idle server. */
    private void advance() {
        while (!line.isEmpty() && !idle.isEmpty()) {
            InLine first = line.remove();
            if (first instanceof Inspection inspection) {
                release(inspection);
            } else if (first instanceof Customer customer) {
                waiting--;
                waits += counts(customer) ? now() - customer.arrival() : 0;
                answer(idle.remove(), customer);
            }
        }
        trace.add(arrived, now(), waiting);
    }

    /** Tells an inspector that it is his turn. If he is gone, the answer says so. */
    private void release(Inspection inspection) {
        boolean isThere = answer(inspection.turn(), Turn.FREE);
        if (inspection.isMeasured()) {
            inspected++;
            givenUp += isThere ? 0 : 1;
        }
    }

    /** Before a change: adds up the time since the last one. */
    private void account() {
        if (isMeasuring()) {
            double time = now() - lastChange;
            measuredTime += time;
            workedTime += time * working();
            systemIntegral += time * (waiting + working());
        }
        lastChange = now();
    }

    private int working() {
        return servers - idle.size();
    }

    /** From the arrival of the last customer of the warm-up to that of the last one of all. */
    private boolean isMeasuring() {
        return arrived >= warmUp && arrived < all;
    }

    private boolean counts(Customer customer) {
        return customer.number() > warmUp;
    }

    /** What was seen. */
    Map<Measure, Ratio> measures() {
        Map<Measure, Ratio> measures = new EnumMap<>(Measure.class);
        measures.put(Measure.UTILISATION, new Ratio(workedTime, measuredTime * servers));
        measures.put(Measure.NUMBER_IN_SYSTEM, new Ratio(systemIntegral, measuredTime));
        measures.put(Measure.WAIT_IN_QUEUE, new Ratio(waits, all - warmUp));
        measures.put(Measure.TIME_IN_SYSTEM, new Ratio(stays, all - warmUp));
        measures.put(Measure.GIVEN_UP, new Ratio(givenUp, inspected));
        return measures;
    }
}
