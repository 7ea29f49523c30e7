package io.multishot.verification.planted;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A copy of the library, compiled with a bug in it or without, in a directory of its own. */
final class Garden {
    private static final Path LIBRARY =
            Path.of("..", "multishot").toAbsolutePath().normalize();
    private static final Path SOURCES = LIBRARY.resolve(Path.of("src", "main", "java"));
    private static final Path TEST_CLASSES = LIBRARY.resolve(Path.of("target", "test-classes"));
    private static final long PATIENCE_SECONDS = 300;

    /** How a check ended. */
    enum Verdict {
        PASSED,
        FAILED
    }

    private final Path directory;
    private final Path classes;

    private Garden(Path directory) {
        this.directory = directory;
        this.classes = directory.resolve("classes");
    }

    /** Compiles the library with these changes. */
    static Garden plant(String name, List<PlantedBug.Change> changes) {
        try {
            Path directory = Path.of("target", "planted", name).toAbsolutePath();
            delete(directory);
            Garden garden = new Garden(directory);
            garden.compile(changes);
            return garden;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void compile(List<PlantedBug.Change> changes) throws IOException {
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> originals = Files.walk(SOURCES)) {
            for (Path original : originals.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(original);
                for (PlantedBug.Change change : changes) {
                    if (original.endsWith(change.file() + ".java")) {
                        text = change.in(text);
                    }
                }
                Path copy = directory.resolve("sources").resolve(SOURCES.relativize(original));
                Files.createDirectories(copy.getParent());
                copies.add(Files.writeString(copy, text));
            }
        }
        Files.createDirectories(classes);
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String path = System.getProperty("java.class.path"); // for the annotations
        List<String> options =
                List.of("--release", "17", "-proc:none", "-d", classes.toString(), "--module-path", path, "-cp", path);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(copies))
                    .call();
            if (!done) {
                throw new AssertionError("the planted bug does not compile:\n" + messages);
            }
        }
    }

    /** Runs this check against this copy; in a process of its own if it is one that runs the library. */
    Verdict run(Check check) throws Exception {
        return check.kind() == Check.Kind.COUNTS
                ? SeparateLoader.run(classes, check)
                : run(check.kind(), List.of(check));
    }

    /** Runs these checks, all of a kind, against this copy, in a process of its own. */
    Verdict run(Check.Kind kind, List<Check> checks, String... options) throws IOException, InterruptedException {
        if (!Files.isDirectory(TEST_CLASSES)) {
            throw new AssertionError("the library's tests are not compiled: build the module multishot as well");
        }
        List<Path> classPath = new ArrayList<>(List.of(classes, TEST_CLASSES));
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .forEach(classPath::add);
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(Check.command(kind, checks, classPath, List.of(options)))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(checks + " did not end within " + PATIENCE_SECONDS + " s: see " + output);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return switch (process.exitValue()) {
            case 0 -> Verdict.PASSED;
            case 1 -> Verdict.FAILED;
            default -> throw new AssertionError(checks + " did not run:\n" + Files.readString(output));
        };
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
