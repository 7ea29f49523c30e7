package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A second host as a network namespace of Linux, with an address of its own and a cable to this one that can be pulled.
 */
final class TwoHosts implements AutoCloseable {
    // of the block that RFC 2544 sets aside for tests
    static final String HERE = "198.18.77.1";
    static final String THERE = "198.18.77.2";

    private static final String NAMESPACE = "multishot-there";
    private static final String END_HERE = "multishot0";
    private static final String END_THERE = "multishot1";

    /** Words that run a command over there. */
    static final List<String> OVER_THERE = List.of("ip", "netns", "exec", NAMESPACE);

    private TwoHosts() {}

    /** Aborts the test, by name, where the machine does not allow this. */
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
        hosts.plugIn();
        return hosts;
    }

    void plugIn() throws IOException, InterruptedException {
        run("ip", "link", "set", END_HERE, "up");
    }

    void pullOut() throws IOException, InterruptedException {
        run("ip", "link", "set", END_HERE, "down");
    }

    /** Nothing that is sent from there arrives here any more, and nobody is told; the other way nothing changes. */
    void muteThere() throws IOException, InterruptedException {
        // an Ethernet address of nobody's
        neighbour("replace", HERE, "lladdr", "02:00:00:00:00:77", "nud", "permanent", "dev", END_THERE);
    }

    void unmuteThere() throws IOException, InterruptedException {
        neighbour("delete", HERE, "dev", END_THERE);
    }

    private static void neighbour(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", NAMESPACE, "neighbour"));
        command.addAll(List.of(words));
        run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        remove();
    }

    /** Both ends of the cable go with the namespace. What runs over there keeps it alive, so comes first. */
    private static void remove() throws IOException, InterruptedException {
        boolean wasThere = succeeds("ip", "link", "delete", END_HERE);
        wasThere |= succeeds("ip", "netns", "delete", NAMESPACE);
        assertThat(wasThere && succeeds("ip", "link", "show", END_HERE)).isFalse();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
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
