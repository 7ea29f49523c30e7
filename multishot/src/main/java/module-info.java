/** A reusable, lock-free channel that sends single values to asynchronous tasks. */
module io.multishot {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports io.multishot;
}
