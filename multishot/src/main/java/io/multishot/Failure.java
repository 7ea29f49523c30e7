package io.multishot;

/** The outcome of a round that its sender failed. */
final class Failure extends State {
    final Throwable cause;

    Failure(Throwable cause) {
        this.cause = cause;
    }
}
