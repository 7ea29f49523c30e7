package io.multishot.examples.simulation;

import java.util.function.ToDoubleFunction;

/** What is measured, and what it should be. */
enum Measure {
    /** Of the servers. */
    UTILISATION("utilisation", Theory::utilisation),
    /** On average over time; those who are served included. */
    NUMBER_IN_SYSTEM("number in system", Theory::numberInSystem),
    /** What arriving customers find is the average over time, because they come independently of what happened before. */
    NUMBER_FOUND("number found by arrivals", Theory::numberInSystem),
    /** From arrival to the beginning of service. */
    WAIT_IN_QUEUE("wait in queue", Theory::waitInQueue),
    /** From arrival to the end of service. */
    TIME_IN_SYSTEM("time in system", Theory::timeInSystem),
    /** The share of inspections that were given up, because the wait was longer than the patience. */
    GIVEN_UP("inspections given up", Theory::givenUp);

    private final String title;
    private final ToDoubleFunction<Theory> closedForm;

    Measure(String title, ToDoubleFunction<Theory> closedForm) {
        this.title = title;
        this.closedForm = closedForm;
    }

    String title() {
        return title;
    }

    double closedForm(Theory theory) {
        return closedForm.applyAsDouble(theory);
    }
}
