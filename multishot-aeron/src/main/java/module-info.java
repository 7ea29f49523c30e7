/** Request and reply between processes and machines, over Aeron. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Aeron and Agrona are not modules yet
module io.multishot.aeron {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive io.multishot;
    requires transitive io.aeron.client;
    requires io.aeron.driver;
    requires jdk.jfr;
    requires transitive org.agrona;

    exports io.multishot.aeron;
}
