package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Simulates a second host by a Linux network namespace, with an address of its own and a link to this host that can be
 * cut.
 */
final class TwoHosts implements AutoCloseable {
    // from the block that RFC 2544 reserves for tests
    static final String HERE = "198.18.77.1";
    static final String THERE = "198.18.77.2";

    private static final String NAMESPACE = "multishot-there";
    private static final String END_HERE = "multishot0";
    private static final String END_THERE = "multishot1";

    /** A command prefix that runs a command on the second host. */
    static final List<String> RUN_THERE = List.of("ip", "netns", "exec", NAMESPACE);

    private TwoHosts() {}

    /** Creates the second host and its link. Aborts the test where the machine does not allow this. */
    static TwoHosts connect() throws IOException, InterruptedException {
        remove();
        if (!succeeds("ip", "netns", "add", NAMESPACE)) {
            abort("network namespaces cannot be made here: that takes Linux, root, and ip of iproute2");
        }
        TwoHosts hosts = new TwoHosts();
        run("ip", "link", "add", END_HERE, "type", "veth", "peer", "name", END_THERE, "netns", NAMESPACE);
        run("ip", "address", "add", HERE + "/30", "dev", END_HERE);
        run("ip", "-n", NAMESPACE, "address", "add", THERE + "/30", "dev", END_THERE);
        run("ip", "-n", NAMESPACE, "link", "set", "lo", "up");
        run("ip", "-n", NAMESPACE, "link", "set", END_THERE, "up");
        hosts.restoreLink();
        return hosts;
    }

    void restoreLink() throws IOException, InterruptedException {
        run("ip", "link", "set", END_HERE, "up");
    }

    void cutLink() throws IOException, InterruptedException {
        run("ip", "link", "set", END_HERE, "down");
    }

    /** Loses everything that is sent from there to here, silently. The other direction is not affected. */
    void muteThere() throws IOException, InterruptedException {
        // an Ethernet address that no interface has
        neighbour("replace", HERE, "lladdr", "02:00:00:00:00:77", "nud", "permanent", "dev", END_THERE);
    }

    void unmuteThere() throws IOException, InterruptedException {
        neighbour("delete", HERE, "dev", END_THERE);
    }

    private static void neighbour(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", NAMESPACE, "neighbour"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        remove();
    }

    /** Removes the link and the namespace. Processes there keep the namespace alive, so they must end first. */
    private static void remove() throws IOException, InterruptedException {
        boolean removed = succeeds("ip", "link", "delete", END_HERE);
        removed |= succeeds("ip", "netns", "delete", NAMESPACE);
        assertThat(removed && succeeds("ip", "link", "show", END_HERE)).isFalse();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
