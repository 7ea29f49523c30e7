package io.multishot;

/**
 * The kinds of receiver that a test runs on. With assertions enabled both are checked as well. Tests that need that
 * have the tag {@code checked}, tests that need the opposite the tag {@code unchecked}.
 */
enum Level {
    RECYCLING {
        @Override
        <T> Receiver<T> receiver() {
            return Receiver.recycling();
        }
    },

    SAFE {
        @Override
        <T> Receiver<T> receiver() {
            return new Receiver<>();
        }
    };

    abstract <T> Receiver<T> receiver();
}
