package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.CommonContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;

/** Another JVM, with the class path of this one. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path ownDriver;

    private ChildProcess(Process process, Path ownDriver) {
        this.process = process;
        this.ownDriver = ownDriver;
    }

    /** Starts a program, and returns when it is ready. Its arguments: the channel, and the driver that it may use. */
    static ChildProcess start(Class<?> program, String channel, String... driver) throws IOException {
        return start(List.of(), program, channel, driver);
    }

    /** The same, with words that come before the command. */
    static ChildProcess start(List<String> before, Class<?> program, String channel, String... driver)
            throws IOException {
        Path ownDriver = Path.of(CommonContext.generateRandomDirName());
        List<String> command = new ArrayList<>(before);
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

    /** A port of UDP that is free now. */
    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        }
    }

    Path ownDriver() {
        return ownDriver;
    }

    /** Waits for it to end by itself. A JVM that crashes has status 1, and a file in target tells where. */
    int exitStatus() throws IOException, InterruptedException {
        process.getInputStream().transferTo(OutputStream.nullOutputStream()); // what it says is not to hold it up
        return process.waitFor();
    }

    /** Holds it up, as a debugger or a laptop that sleeps does. */
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

    /** Kills it, as the operating system does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        IoUtil.delete(ownDriver.toFile(), true); // what is killed does not clean up
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
