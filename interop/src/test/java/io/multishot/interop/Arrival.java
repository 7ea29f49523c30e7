package io.multishot.interop;

import io.multishot.Poll;
import io.multishot.Receiver;
import java.util.concurrent.CompletableFuture;

/** Waits for an outcome without taking it. */
final class Arrival {
    private Arrival() {}

    // tag::arrival[]
    static CompletableFuture<Void> arrival(Receiver<?> receiver) {
        CompletableFuture<Void> arrival = new CompletableFuture<>();
        if (receiver.poll(() -> arrival.complete(null)) != Poll.PENDING) {
            arrival.complete(null); // the outcome was there already
        }
        return arrival;
    }
    // end::arrival[]
}
