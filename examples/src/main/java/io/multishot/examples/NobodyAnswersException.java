package io.multishot.examples;

/** There are no workers in the other process, or there is none. */
final class NobodyAnswersException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NobodyAnswersException(String message) {
        super(message);
    }
}
