package io.multishot.examples.simulation;

import io.multishot.examples.simulation.InLine.Customer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves one customer after the other. It asks the line for the next one, and is idle until it gets him. */
final class Server extends Model {
    private final Exponential services;
    private final Requestor<Optional<Customer>, Customer> work;

    private @Nullable Customer customer;

    Server(Scheduler scheduler, Line line, Exponential services) {
        super(scheduler);
        this.services = services;
        this.work = new Requestor<>(this, line.work(), this::serve);
        after(0, this::ask);
    }

    /** Asks for the next customer, and says who leaves, if somebody does. */
    private void ask() {
        work.ask(Optional.ofNullable(customer));
    }

    private void serve(Customer next) {
        customer = next;
        after(services.next(), this::ask);
    }
}
