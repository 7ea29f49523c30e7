/** Channels whose sender is in another process or on another machine, over Aeron. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Aeron and Agrona are no modules yet
module io.multishot.aeron {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive io.multishot;
    requires transitive io.aeron.client;
    requires io.aeron.driver;
    requires transitive org.agrona;

    exports io.multishot.aeron;
}
