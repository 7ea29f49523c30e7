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

/** Compiles the library with a bug in it, and runs one of the library's own test classes against that. */
final class Garden {
    private static final Path LIBRARY = Path.of("..", "multishot");
    private static final Path SOURCES = LIBRARY.resolve(Path.of("src", "main", "java", "io", "multishot"));
    private static final Path TEST_CLASSES = LIBRARY.resolve(Path.of("target", "test-classes"));
    private static final long SECONDS_UNTIL_IT_HANGS = 120;

    /** How the check ended. */
    enum Verdict {
        PASSED,
        FAILED,
        HUNG
    }

    private final Path directory;

    Garden(Path directory) {
        this.directory = directory;
    }

    /** Compiles the library with this text in place of that. */
    Path plant(String file, String correct, String wrong) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("sources"));
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> originals = Files.list(SOURCES)) {
            for (Path original : originals.toList()) {
                String text = Files.readString(original);
                if (original.endsWith(file + ".java")) {
                    text = replaceOnce(text, correct, wrong, file);
                }
                copies.add(Files.writeString(sources.resolve(original.getFileName()), text));
            }
        }
        return compile(copies);
    }

    /** Compiles the library as it is. */
    Path plantNothing() throws IOException {
        return plant("none", "", "");
    }

    private static String replaceOnce(String text, String correct, String wrong, String file) {
        int at = text.indexOf(correct);
        if (at < 0 || text.indexOf(correct, at + 1) >= 0) {
            throw new AssertionError("the text to be replaced is not exactly once in " + file + ":\n" + correct);
        }
        return text.substring(0, at) + wrong + text.substring(at + correct.length());
    }

    private Path compile(List<Path> sources) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options = List.of("--release", "17", "-proc:none", "-d", classes.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!done) {
                throw new AssertionError("the planted bug does not compile:\n" + messages);
            }
        }
        return classes;
    }

    /** Runs these test classes of the library against these classes, in a JVM of their own. */
    Verdict check(Path classes, boolean assertions, List<String> testClasses) throws Exception {
        if (!Files.isDirectory(TEST_CLASSES)) {
            throw new AssertionError("the library's tests are not compiled: build the module multishot as well");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(assertions ? "-ea" : "-da");
        command.addAll(List.of("--class-path", classPath(classes), "org.junit.platform.console.ConsoleLauncher"));
        command.addAll(List.of("execute", "--fail-if-no-tests", "--disable-banner", "--details=none"));
        command.add("--exclude-tag=" + (assertions ? "unchecked" : "checked"));
        testClasses.forEach(name -> command.add("--select-class=" + name));
        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(SECONDS_UNTIL_IT_HANGS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return Verdict.HUNG;
        }
        return switch (process.exitValue()) {
            case 0 -> Verdict.PASSED;
            case 1 -> Verdict.FAILED;
            default -> throw new AssertionError("no test was run:\n" + Files.readString(output.toPath()));
        };
    }

    private static String classPath(Path classes) {
        String inherited = System.getProperty("java.class.path");
        return String.join(File.pathSeparator, classes.toString(), TEST_CLASSES.toString(), inherited);
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException problem) {
                    throw new UncheckedIOException(problem);
                }
            });
        }
    }
}
