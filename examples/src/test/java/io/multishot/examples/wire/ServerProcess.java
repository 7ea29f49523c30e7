package io.multishot.examples.wire;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real server in a process of its own, on a free port of the loopback interface. */
public final class ServerProcess implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final Process process;
    private final InetSocketAddress address;

    private ServerProcess(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts Redis, without files. Skips the test if it is not installed. */
    public static ServerProcess redis() throws Exception {
        return start("redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port");
    }

    /** Starts memcached. Skips the test if it is not installed. */
    public static ServerProcess memcached() throws Exception {
        return start(
                "memcached", "-l", "127.0.0.1", "-U", "0", "-u", System.getProperty("user.name"), "-m", "64", "-p");
    }

    /** Skips the test if this program is not installed. */
    public static void assumeInstalled(String program) {
        boolean isInstalled = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        assumeTrue(isInstalled, program + " is not installed");
    }

    /** Returns an address where nobody listens now. */
    public static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    /** Starts a program whose last argument is the port. Tries another one if somebody else was faster to take it. */
    private static ServerProcess start(String... command) throws Exception {
        assumeInstalled(command[0]);
        for (int i = 0; i < ATTEMPTS; i++) {
            InetSocketAddress address = freeAddress();
            List<String> line = new ArrayList<>(List.of(command));
            line.add("" + address.getPort());
            Process process = new ProcessBuilder(line)
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (process.isAlive()) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    if (process.isAlive()) {
                        return new ServerProcess(process, address);
                    }
                } catch (IOException notYet) {
                    Thread.sleep(10);
                }
            }
        }
        throw new IllegalStateException(command[0] + " ends at once; start it by hand to see why");
    }

    public InetSocketAddress address() {
        return address;
    }

    public String hostAndPort() {
        return "127.0.0.1:" + address.getPort();
    }

    /** Kills the server, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
