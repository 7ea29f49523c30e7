package io.multishot.examples.simulation;

import io.multishot.Sender;

/** Who stands in the line. */
sealed interface InLine {
    /**
     * Somebody who wants to be served.
     *
     * @param number counts the customers of a replication, from one
     * @param arrival when he came
     */
    record Customer(long number, double arrival) implements InLine {}

    /**
     * An inspector, who needs no service: he leaves as soon as a server would be free for him.
     *
     * @param turn where he is told; he may be gone by then
     * @param isMeasured whether he counts
     */
    record Inspection(Sender<Turn> turn, boolean isMeasured) implements InLine {}

    /** What an inspector is told. */
    enum Turn {
        /** A server would be free for him. */
        FREE,
        /** No customer comes any more. */
        CLOSED
    }
}
