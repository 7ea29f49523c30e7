package io.multishot.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where and of what the figures are.
 *
 * @param date the day
 * @param commit the commit of this project, with a plus if there were changes on top
 * @param processor the processor's name
 * @param processors how many the JVM may use
 * @param memory the machine's memory in GiB
 * @param system the operating system
 * @param jdk the Java virtual machine
 * @param feature the JDK's feature version
 * @param collector the garbage collector
 * @param versions what was compared
 */
public record Machine(
        String date,
        String commit,
        String processor,
        int processors,
        long memory,
        String system,
        String jdk,
        int feature,
        String collector,
        Map<String, String> versions) {

    /**
     * Looks at this one.
     *
     * @param collector the garbage collector that is used
     * @return what there is
     * @throws IOException if the list of versions cannot be read
     */
    public static Machine here(String collector) throws IOException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC).toString(),
                findCommit(),
                findProcessor(),
                Runtime.getRuntime().availableProcessors(),
                Math.round(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                                .getTotalMemorySize()
                        / (double) (1L << 30)),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                Runtime.version().feature(),
                collector,
                readVersions());
    }

    private static Map<String, String> readVersions() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("versions.properties")) {
            properties.load(in);
        }
        Map<String, String> versions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        properties.stringPropertyNames().forEach(name -> versions.put(name, properties.getProperty(name)));
        return versions;
    }

    private static String findProcessor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | RuntimeException notThisSystem) {
            return "unknown";
        }
    }

    private static String findCommit() {
        String commit = git("rev-parse", "--short", "HEAD");
        String changes = git("status", "--porcelain", "--untracked-files=no", "--", ":(top)*.java", ":(top)*.xml");
        return commit.isEmpty() ? "unknown" : commit + (changes.isEmpty() ? "" : "+");
    }

    private static String git(String... arguments) {
        String[] command = Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException noGit) {
            return "";
        }
    }
}
