package io.multishot.examples;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;

/** The example of the README, as a program. */
public final class Quickstart {
    private Quickstart() {}

    /**
     * Sends one value, then none.
     *
     * @param args unused
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public static void main(String[] args) throws InterruptedException {
        // tag::quickstart[]
        Receiver<String> receiver = new Receiver<>();

        // Get a sender, and send a value from another thread.
        Sender<String> first = receiver.sender();
        new Thread(() -> first.send("42")).start();
        System.out.println("received " + receiver.receive());

        // Get the next sender. This always succeeds when the last value was received.
        Sender<String> second = receiver.sender();

        // Drop this one on another thread: no value will come.
        new Thread(() -> second.drop()).start();
        try {
            System.out.println("received " + receiver.receive());
        } catch (SenderDroppedException dropped) {
            System.out.println("dropped");
        }
        // end::quickstart[]
    }
}
