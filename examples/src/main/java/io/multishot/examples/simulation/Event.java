package io.multishot.examples.simulation;

/**
 * Something that will happen.
 *
 * @param time when, in simulation time
 * @param isDeadline whether the scheduler itself acts, while all models rest; else the model does, in a cycle
 * @param model whom it concerns
 * @param number counts the events of this model
 * @param action what happens
 */
record Event(double time, boolean isDeadline, Model model, long number, Runnable action) implements Comparable<Event> {
    /** By time, then by who planned it. */
    @Override
    public int compareTo(Event other) {
        if (time != other.time) {
            return time < other.time ? -1 : 1;
        }
        int byModel = Integer.compare(model.id(), other.model.id());
        return byModel != 0 ? byModel : Long.compare(number, other.number);
    }
}
