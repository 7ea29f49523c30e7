package io.multishot.benchmarks.clients;

import io.multishot.Receiver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One thread has one client, with one connection to a server on this machine. It sends a batch of requests, then waits
 * for the reply to each. Each request has a timeout, which never passes. One invocation makes {@value #REQUESTS}
 * requests, in as many batches as it takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class ClientState {
    /** How many requests one invocation makes. */
    static final int REQUESTS = 256;

    /** How long a request waits for its reply. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** How many requests are in flight at a time; a divisor of {@link #REQUESTS}. */
    @Param({"1", "16", "256"})
    public int inFlight = 1;

    final LocalServer.Kind kind;
    private @Nullable LocalServer server;
    private @Nullable AutoCloseable client;

    /**
     * For the contenders.
     *
     * @param kind the server
     */
    ClientState(LocalServer.Kind kind) {
        this.kind = kind;
    }

    /**
     * Starts the server and connects.
     *
     * @throws Exception if that fails, as it does where the server is not installed
     */
    @Setup
    public void start() throws Exception {
        server = LocalServer.start(kind);
        client = connect(server.address());
    }

    /**
     * Closes the client and stops the server.
     *
     * @throws Exception if that fails
     */
    @TearDown
    public void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Makes the requests. Returns the last reply. */
    final Object ask() throws Exception {
        Object last = this;
        for (int asked = 0; asked < REQUESTS; asked += inFlight) {
            for (int i = 0; i < inFlight; i++) {
                send(i);
            }
            for (int i = 0; i < inFlight; i++) {
                last = receive(i);
            }
        }
        return last;
    }

    /** Makes a receiver for each request in flight. */
    final <T> List<Receiver<T>> receivers() {
        return Stream.generate(() -> Receiver.<T>recycling()).limit(inFlight).toList();
    }

    /** Makes a client, with one connection. Returns what closes it. */
    abstract AutoCloseable connect(InetSocketAddress address) throws Exception;

    /** Asks for one of the keys or names. */
    abstract void send(int index) throws Exception;

    /** Waits for its reply. */
    abstract Object receive(int index) throws Exception;
}
