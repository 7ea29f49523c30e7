package io.multishot.verification.jcstress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** Runs jcstress in a process of its own, and reads its results. */
final class JcstressRunner {
    /** After this time the run counts as hung. It takes a minute, and many in the deep tier or on a busy machine. */
    private static final long TIMEOUT_SECONDS = 3600;

    /** About half a second for each class. On JDK 17 each runs twice, with biased locking and without. */
    static final List<String> QUICK = Runtime.version().feature() < 18
            ? List.of("-iters", "1", "-time", "100")
            : List.of("-iters", "3", "-time", "120");

    /** For the few classes that need a second run, and for the deep tier. */
    static final List<String> LONG = List.of("-iters", "5", "-time", "1000");

    private static final List<String> OPTIONS = List.of(
            "-m", "quick", // "sanity" is too short to show the bugs of the weakened variants
            "-sc", "false", // one compilation for all actors: splitting it would multiply the runs
            "-c", "2",
            "-f", "1",
            "-hs", "256",
            // Given arguments also mean one configuration of the JVM instead of several. Assertions are off, as in
            // production; the checked level enables them by itself. Misuse throws, and only without stack traces does
            // it throw often enough for the two threads to meet.
            "-jvmArgs", "-da -XX:-StackTraceInThrowable");

    private JcstressRunner() {}

    /** Runs the tests whose names match, with target/jcstress/name for its report and its log. */
    static Collection<TestResult> run(String name, String regexp, List<String> pace)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Path.of("target", "jcstress", name));
        for (Path old : results(directory)) {
            Files.delete(old);
        }
        Path log = directory.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        regexp,
                        "-r",
                        "report")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.command().addAll(OPTIONS);
        builder.command().addAll(pace);
        Process process = builder.start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("jcstress did not end within " + TIMEOUT_SECONDS + " s: see " + log);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<Path> results = results(directory);
        if (process.exitValue() != 0 || results.size() != 1) {
            throw new AssertionError(
                    "jcstress failed, exit code " + process.exitValue() + ":\n" + Files.readString(log));
        }
        return read(results.get(0));
    }

    private static List<Path> results(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("jcstress-results-"))
                    .toList();
        }
    }

    private static Collection<TestResult> read(Path file) throws IOException {
        InProcessCollector results = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(file.toString(), results);
        try {
            reader.dump();
        } catch (ClassNotFoundException otherVersion) {
            throw new AssertionError(otherVersion);
        } finally {
            reader.close();
        }
        return results.getTestResults();
    }
}
