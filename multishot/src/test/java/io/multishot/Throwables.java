package io.multishot;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** Throwables of every kind, and a way to throw a checked one where none is declared. */
final class Throwables {
    private Throwables() {}

    /** Returns new unchecked exceptions, errors and checked exceptions. */
    static Stream<Throwable> ofEveryKind() {
        return Stream.of(
                new RejectedExecutionException("full"),
                new IllegalStateException("runtime"),
                new AssertionError("error"),
                new StackOverflowError("deep"),
                new OutOfMemoryError("full"),
                new IOException("checked"),
                new InterruptedException("interrupted"));
    }

    /** Throws a throwable as it is. The return type allows {@code throw sneakyThrow(...)}. */
    static RuntimeException sneakyThrow(Throwable thrown) {
        return Throwables.<RuntimeException>raise(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException raise(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
