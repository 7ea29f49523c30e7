package io.multishot.examples.simulation;

/** What is measured, and what it should be. */
enum Measure {
    /** Of the servers. */
    UTILISATION("utilisation"),
    /** On average over time; those who are served included. */
    NUMBER_IN_SYSTEM("number in system"),
    /**
     * What arriving customers find is the average over time, because they come independently of what happened before.
     */
    NUMBER_FOUND("number found by arrivals"),
    /** From arrival to the beginning of service. */
    WAIT_IN_QUEUE("wait in queue"),
    /** From arrival to the end of service. */
    TIME_IN_SYSTEM("time in system"),
    /** The share of inspections that were given up, because the wait was longer than the patience. */
    GIVEN_UP("inspections given up");

    private final String title;

    Measure(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    double closedForm(Theory theory) {
        return switch (this) {
            case UTILISATION -> theory.utilisation();
            case NUMBER_IN_SYSTEM, NUMBER_FOUND -> theory.numberInSystem();
            case WAIT_IN_QUEUE -> theory.waitInQueue();
            case TIME_IN_SYSTEM -> theory.timeInSystem();
            case GIVEN_UP -> theory.givenUp();
        };
    }
}
