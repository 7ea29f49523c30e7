package io.multishot.benchmarks.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A real server in a process of its own, on a free port of the loopback interface. */
final class LocalServer implements AutoCloseable {
    /** How many keys and names there are. */
    static final int KEYS = 256;

    private static final int ATTEMPTS = 5;
    private static final int PATIENCE_MILLIS = 5_000;

    private final Process process;
    private final InetSocketAddress address;

    private LocalServer(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** The servers, and what they know. */
    enum Kind {
        /** It has a value for each key. */
        REDIS("redis-server"),
        /** It has a value for each key. */
        MEMCACHED("memcached"),
        /** It has an address for each name. */
        DNS("dnsmasq");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        /** Returns where the program is, if it is installed. */
        Optional<Path> find() {
            String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
            return Stream.of(path.split(File.pathSeparator))
                    .map(directory -> Path.of(directory, program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        private List<String> arguments(int port) {
            return switch (this) {
                case REDIS -> List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", "" + port);
                case MEMCACHED ->
                    List.of("-l", "127.0.0.1", "-U", "0", "-u", System.getProperty("user.name"), "-p", "" + port);
                case DNS ->
                    List.of(
                            "--no-daemon",
                            "--conf-file=/dev/null",
                            "--no-resolv",
                            "--no-hosts",
                            "--listen-address=127.0.0.1",
                            "--bind-interfaces",
                            "--local=/test/",
                            "--synth-domain=test,10.0.0.0/24,h-",
                            "--port=" + port);
            };
        }

        private void fill(Socket socket) throws IOException {
            for (int i = 0; i < KEYS && this != DNS; i++) {
                String format = this == REDIS ? "SET %s %s\r\n" : "set %s 0 0 %3$d\r\n%2$s\r\n";
                String value = value(i);
                socket.getOutputStream()
                        .write(String.format(Locale.ROOT, format, key(i), value, value.length())
                                .getBytes(US_ASCII));
                while (socket.getInputStream().read() != '\n') {
                    // a reply is a line
                }
            }
        }
    }

    static String key(int index) {
        return String.format(Locale.ROOT, "key-%03d", index);
    }

    /** Returns the value of a key, which has 16 bytes. */
    static String value(int index) {
        return String.format(Locale.ROOT, "value-of-key-%03d", index);
    }

    static String name(int index) {
        return "h-" + address(index).replace('.', '-') + ".test";
    }

    /** Returns the address of a name. */
    static String address(int index) {
        return "10.0.0." + index;
    }

    /** Starts a server. Tries another port if somebody else was faster to take it. */
    static LocalServer start(Kind kind) throws Exception {
        Path program = kind.find()
                .orElseThrow(() -> new IllegalStateException(
                        kind.program + " is not installed: install it, or leave the scenario out"));
        for (int i = 0; i < ATTEMPTS; i++) {
            InetSocketAddress address = freeAddress();
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(kind.arguments(address.getPort()));
            Process process = new ProcessBuilder(command)
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // if the run is interrupted
            while (process.isAlive()) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) { // dnsmasq has TCP too
                    socket.setSoTimeout(PATIENCE_MILLIS);
                    kind.fill(socket);
                    return new LocalServer(process, address);
                } catch (IOException notYet) {
                    Thread.sleep(10);
                }
            }
        }
        throw new IllegalStateException(program + " ends at once; start it by hand to see why");
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Kills the server, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
