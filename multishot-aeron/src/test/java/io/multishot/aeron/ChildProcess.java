package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.CommonContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.IoUtil;

/** A JVM in a process of its own, with the class path of this one. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path ownDriver;

    private ChildProcess(Process process, Path ownDriver) {
        this.process = process;
        this.ownDriver = ownDriver;
    }

    /**
     * Starts a program, and returns when it is ready.
     *
     * @param driver the directory of a running driver; none if the program starts its own
     */
    static ChildProcess start(Class<?> program, String channel, String... driver) throws IOException {
        return start(List.of(), program, channel, driver);
    }

    /** Starts a program with a command in front, such as one that changes the namespace. */
    static ChildProcess start(List<String> prefix, Class<?> program, String channel, String... driver)
            throws IOException {
        Path ownDriver = Path.of(CommonContext.generateRandomDirName());
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=target/hs_err_pid%p.log",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                channel,
                ownDriver.toString()));
        command.addAll(List.of(driver));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        assertThat(lines.readLine()).as("first line of " + command).isEqualTo(ResponderMain.READY);
        return new ChildProcess(process, ownDriver);
    }

    /** Returns a UDP port that is free now, of those that the system gives to nobody who leaves the choice to it. */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_768);
            try (DatagramSocket socket = new DatagramSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // another one, then
            }
        }
    }

    long pid() {
        return process.pid();
    }

    Path ownDriver() {
        return ownDriver;
    }

    /** Waits for the process to exit. A JVM that crashes has status 1, and a file in target says why. */
    int exitStatus() throws IOException, InterruptedException {
        process.getInputStream().transferTo(OutputStream.nullOutputStream()); // a full pipe would block the process
        return process.waitFor();
    }

    /** Stops the process, as a debugger or a laptop that sleeps does. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    /** Kills the process, as the operating system would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        IoUtil.delete(ownDriver.toFile(), true); // a killed process does not clean up
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
