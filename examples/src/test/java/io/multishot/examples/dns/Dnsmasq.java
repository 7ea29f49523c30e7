package io.multishot.examples.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real server, on a free port of the loopback interface. It needs no rights, and changes no user. */
final class Dnsmasq implements AutoCloseable {
    private static final String STARTED = "started, version";

    private final Path log;
    private final Process process;
    private final InetSocketAddress address;

    private Dnsmasq(Path log, Process process, InetSocketAddress address) {
        this.log = log;
        this.process = process;
        this.address = address;
    }

    /** Returns the path of a program. Skips the test if there is none. */
    static String find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        String found = Stream.of(path.split(File.pathSeparator))
                .map(directory -> directory + "/" + program)
                .filter(file -> Files.isExecutable(Path.of(file)))
                .findFirst()
                .orElse("");
        assumeTrue(!found.isEmpty(), program + " is not installed");
        return found;
    }

    static Dnsmasq start() throws IOException, InterruptedException {
        String program = find("dnsmasq");
        for (int tries = 1; ; tries++) {
            Dnsmasq server = start(program, freePort());
            String log = server.awaitStart();
            if (log.contains(STARTED)) {
                return server;
            }
            server.close();
            // another process may have taken the port meanwhile
            assertThat(tries).as("dnsmasq does not start: %s", log).isLessThan(5);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Dnsmasq start(String program, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--no-daemon",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + port,
                "--local=/test/",
                "--host-record=host.test,10.1.2.3",
                "--cname=alias.test,host.test",
                "--cname=alias-of-alias.test,alias.test",
                "--address=/wild.test/10.9.9.9",
                "--synth-domain=synth.test,10.0.0.0/12,h-"));
        IntStream.range(0, 100).forEach(i -> command.add("--host-record=many.test,10.2.0." + i));
        Path log = Files.createTempFile("dnsmasq", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        return new Dnsmasq(log, builder.start(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private String awaitStart() throws IOException, InterruptedException {
        String text = "";
        while (process.isAlive() && !text.contains(STARTED)) {
            Thread.sleep(5);
            text = Files.readString(log);
        }
        return Files.readString(log);
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        Files.delete(log);
    }
}
