package io.multishot.verification.spin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the model checker Spin, which turns a model into the C source of a verifier, compiles that and runs it. */
final class Spin {
    static final Path MODEL = Path.of(System.getProperty("basedir", "."), "src/main/spin/channel.pml");

    private static final long SECONDS = 120;

    private Spin() {}

    /** Returns what is missing for a run, in words; empty if nothing is. */
    static Optional<String> missing() {
        if (!starts("spin", "-V")) {
            return Optional.of("Spin is not installed (apt-get install spin)");
        }
        return compiler() == null ? Optional.of("no C compiler is installed (cc or gcc)") : Optional.empty();
    }

    private static String compiler() {
        return Stream.of("cc", "gcc")
                .filter(name -> starts(name, "--version"))
                .findFirst()
                .orElse(null);
    }

    /** Searches for failing assertions and for final states in which a thread still waits. */
    static String searchStates(String... weakenings) {
        return search("states", List.of("-DSAFETY", "-DNOCLAIM"), List.of("-m100000"), weakenings);
    }

    /** Searches for fair cycles that break the model's temporal claim. */
    static String searchCycles(String... weakenings) {
        return search("cycles", List.of(), List.of("-a", "-f", "-m100000"), weakenings);
    }

    private static String search(String kind, List<String> defines, List<String> options, String... weakenings) {
        try {
            Path place = Files.createDirectories(Path.of(System.getProperty("basedir", "."), "target", "spin")
                    .resolve(kind + "-" + String.join("-", weakenings)));

            List<String> generate = new ArrayList<>(List.of("spin"));
            for (String weakening : weakenings) {
                generate.add("-D" + weakening);
            }
            generate.addAll(List.of("-a", MODEL.toAbsolutePath().toString()));
            run(place, generate);

            // More optimisation, or any if the search ends early with an error, takes longer than it saves.
            List<String> compile =
                    new ArrayList<>(List.of(compiler(), "-w", weakenings.length == 0 ? "-O1" : "-O0", "-o", "pan"));
            compile.addAll(defines);
            compile.add("pan.c");
            run(place, compile);

            List<String> verify = new ArrayList<>(List.of(place.resolve("pan").toString()));
            verify.addAll(options);
            return run(place, verify);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String run(Path place, List<String> command) throws IOException {
        Path output = Files.createTempFile(place, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " took longer than " + SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        if (process.exitValue() != 0) {
            throw new AssertionError(command + " failed:\n" + said);
        }
        return said;
    }

    private static boolean starts(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
