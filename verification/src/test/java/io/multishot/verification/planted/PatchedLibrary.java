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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A copy of the compiled library in a directory of its own, in which the changed classes are compiled anew. */
final class PatchedLibrary {
    private static final Path LIBRARY =
            Path.of("..", "multishot").toAbsolutePath().normalize();
    private static final Path SOURCES = LIBRARY.resolve(Path.of("src", "main", "java"));
    private static final Path CLASSES = LIBRARY.resolve(Path.of("target", "classes"));
    private static final Path TEST_CLASSES = LIBRARY.resolve(Path.of("target", "test-classes"));
    private static final Pattern LINKAGE_ERROR =
            Pattern.compile("NoSuch(Method|Field)Error|IllegalAccessError|AbstractMethodError");
    private static final long TIMEOUT_SECONDS = 900;

    /** How a check ended. */
    enum Result {
        PASSED,
        FAILED
    }

    private final Path directory;
    private final Path classes;

    private PatchedLibrary(Path directory) {
        this.directory = directory;
        this.classes = directory.resolve("classes");
    }

    /** Applies these changes to the library, and compiles it into {@code target/planted/name}. */
    static PatchedLibrary compile(String name, List<PlantedBug.Change> changes) {
        try {
            Path directory = Path.of("target", "planted", name).toAbsolutePath();
            delete(directory);
            PatchedLibrary patched = new PatchedLibrary(directory);
            patched.compile(changes);
            return patched;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void compile(List<PlantedBug.Change> changes) throws IOException {
        if (!Files.isDirectory(CLASSES) || !Files.isDirectory(TEST_CLASSES)) {
            throw new AssertionError("the library and its tests are not compiled: build the module multishot as well");
        }
        try (Stream<Path> originals = Files.walk(CLASSES)) {
            for (Path original : originals.filter(Files::isRegularFile).toList()) {
                Path copy = classes.resolve(CLASSES.relativize(original));
                Files.createDirectories(copy.getParent());
                Files.copy(original, copy);
            }
        }
        Map<String, String> changed = new LinkedHashMap<>();
        for (PlantedBug.Change change : changes) {
            String text = changed.get(change.file());
            changed.put(change.file(), change.in(text == null ? Files.readString(source(change.file())) : text));
        }
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> file : changed.entrySet()) {
            sources.add(Files.writeString(directory.resolve(file.getKey() + ".java"), file.getValue()));
        }
        if (!sources.isEmpty()) {
            compileFiles(sources);
        }
    }

    private static Path source(String file) throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            return sources.filter(path -> path.endsWith(file + ".java"))
                    .findAny()
                    .orElseThrow(() -> new AssertionError("no such source: " + file));
        }
    }

    /** Compiles into the directory of the copied classes, where the compiler finds those that did not change. */
    private void compileFiles(List<Path> sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String path = System.getProperty("java.class.path"); // for the annotations
        List<String> options = List.of("-proc:none", "-d", classes.toString(), "--module-path", path, "-cp", path);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!done) {
                throw new AssertionError("the planted bug does not compile:\n" + messages);
            }
        }
    }

    /** Runs this check against this copy, in a process of its own unless the check only reads classes. */
    Result run(Check check) throws Exception {
        return check.kind() == Check.Kind.COUNTS
                ? PatchedLibraryLoader.run(classes, check)
                : run(check.kind(), List.of(check));
    }

    /** Runs these checks, which are all of one kind, against this copy in a process of its own. */
    Result run(Check.Kind kind, List<Check> checks, String... options) throws IOException, InterruptedException {
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
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(checks + " did not end within " + TIMEOUT_SECONDS + " s: see " + output);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return switch (process.exitValue()) {
            case 0 -> Result.PASSED;
            case 1 -> failed(checks, Files.readString(output));
            default -> throw new AssertionError(checks + " did not run:\n" + Files.readString(output));
        };
    }

    /** Classes that no longer link make any check fail, so such a failure does not count as a caught bug. */
    private static Result failed(List<Check> checks, String output) {
        if (LINKAGE_ERROR.matcher(output).find()) {
            throw new AssertionError(checks + " ran into classes that do not link:\n" + output);
        }
        return Result.FAILED;
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
