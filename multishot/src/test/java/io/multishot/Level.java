package io.multishot;

/**
 * The kinds of receiver that a test runs on. With assertions enabled both are checked as well; the tag {@code checked}
 * marks tests that need that, the tag {@code unchecked} those that need the opposite.
 */
enum Level {
    RECYCLING {
        @Override
        <T> Receiver<T> receiver() {
            return new Receiver<>();
        }
    },

    GUARDED {
        @Override
        <T> Receiver<T> receiver() {
            return Receiver.guarded();
        }
    };

    abstract <T> Receiver<T> receiver();
}
