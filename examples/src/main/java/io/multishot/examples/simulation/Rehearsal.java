package io.multishot.examples.simulation;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;

/**
 * Uses a channel of its own in each way that the simulation does. The JVM links a call when it is made for the first time,
 * and allocates for that. These bytes belong to no channel, so they are spent before the meters run.
 */
final class Rehearsal {
    private static final int TIMES = 3;

    private Rehearsal() {}

    static void run() {
        Waker nobody = () -> {};
        try (Receiver<String> receiver = new Receiver<>()) {
            for (int i = 0; i < TIMES; i++) {
                check(Meter.allocated() >= 0);
                Sender<String> answered = receiver.sender();
                check(receiver.poll(nobody) == Poll.PENDING);
                check(answered.send("answer"));
                check(receiver.poll(nobody) == Poll.READY);
                check(receiver.take().equals("answer"));

                Sender<String> late = receiver.sender();
                check(receiver.poll(nobody) == Poll.PENDING);
                check(receiver.abandon());
                check(!late.send("too late"));
            }
        }
    }

    private static void check(boolean asExpected) {
        if (!asExpected) {
            throw new IllegalStateException("the channel does not work");
        }
    }
}
