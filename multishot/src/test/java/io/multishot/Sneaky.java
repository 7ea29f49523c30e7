package io.multishot;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** Throwables of every kind, and a way to throw them where the compiler would not have it. */
final class Sneaky {
    private Sneaky() {}

    /** Unchecked ones, errors, and checked ones; each call makes new ones. */
    static Stream<Throwable> throwables() {
        return Stream.of(
                new RejectedExecutionException("full"),
                new IllegalStateException("runtime"),
                new AssertionError("error"),
                new StackOverflowError("deep"),
                new IOException("checked"),
                new InterruptedException("interrupted"));
    }

    /** Throws it as it is. Returns nothing; the type is there for {@code throw sneaky(...)}. */
    static RuntimeException sneaky(Throwable thrown) {
        return Sneaky.<RuntimeException>raise(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException raise(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
