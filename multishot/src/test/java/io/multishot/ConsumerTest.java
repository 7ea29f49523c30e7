package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles, with all warnings as errors, and runs a project that has nothing but the library on its path. */
@Tag("process")
@Tag("unchecked")
class ConsumerTest {
    private static final String PROGRAM = """
            package consumer;

            import io.multishot.Receiver;
            import io.multishot.Sender;
            import io.multishot.Task;

            final class Main {
                public static void main(String[] args) throws Exception {
                    Receiver<String> receiver = new Receiver<>();
                    Sender<String> sender = receiver.sender();
                    Task task = new Task(Runnable::run, () -> sender.send("hello"));
                    task.wake();
                    System.out.print(receiver.receive() + " from " + Receiver.class.getModule());
                    String none = receiver.trySender() == null ? "none" : "one";
                    System.out.print(", " + none);
                }
            }
            """;

    private static final Path LIBRARY = libraryClasses();

    @TempDir
    private Path directory;

    private static Path libraryClasses() {
        try {
            return Path.of(Receiver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void onTheClassPath() throws Exception {
        Path classes = compile(List.of("--class-path", LIBRARY.toString()), "consumer/Main.java", PROGRAM);
        String classPath = LIBRARY + System.getProperty("path.separator") + classes;
        assertThat(run("--class-path", classPath, "consumer.Main"))
                .startsWith("hello from unnamed module")
                .endsWith(", one");
    }

    @Test
    void onTheModulePath() throws Exception {
        Path classes = compile(
                List.of("--module-path", LIBRARY.toString()),
                "consumer/Main.java",
                PROGRAM,
                "module-info.java",
                "module consumer { requires io.multishot; }");
        String modulePath = LIBRARY + System.getProperty("path.separator") + classes;
        assertThat(run("--module-path", modulePath, "--module", "consumer/consumer.Main"))
                .isEqualTo("hello from module io.multishot, one");
    }

    @Test
    void theModuleNeedsNothingButTheJavaBaseModuleAtRunTime() {
        var descriptor = java.lang.module.ModuleFinder.of(LIBRARY)
                .find("io.multishot")
                .orElseThrow()
                .descriptor();
        assertThat(descriptor.requires())
                .filteredOn(requires ->
                        !requires.modifiers().contains(java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC))
                .extracting(java.lang.module.ModuleDescriptor.Requires::name)
                .containsExactly("java.base");
        assertThat(descriptor.exports())
                .extracting(java.lang.module.ModuleDescriptor.Exports::source)
                .containsExactly("io.multishot");
    }

    @Test
    void theClassesAreForJava17() throws Exception {
        try (var classes = Files.walk(LIBRARY)) {
            assertThat(classes.filter(path -> path.toString().endsWith(".class")))
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(Files.readAllBytes(path)[7])
                            .as("class file version")
                            .isEqualTo((byte) 61));
        }
    }

    private Path compile(List<String> path, String... namesAndTexts) throws Exception {
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            Path source = directory.resolve("src").resolve(namesAndTexts[i]);
            Files.createDirectories(source.getParent());
            sources.add(Files.writeString(source, namesAndTexts[i + 1]));
        }
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> options = new ArrayList<>(path);
        options.addAll(List.of("--release", "17", "-Xlint:all", "-Werror", "-d", classes.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(done).as(messages.toString()).isTrue();
        }
        return classes;
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
