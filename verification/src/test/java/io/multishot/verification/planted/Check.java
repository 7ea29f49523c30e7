package io.multishot.verification.planted;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One of the project's own checks, as a program that can be run against a library with a bug in it. */
record Check(Kind kind, String what) {
    private static final String PACKAGE = "io.multishot.verification.";

    /** Which body of checks it belongs to, and what these need to run. */
    enum Kind {
        /**
         * The library's tests without assertions. With C1 alone, as those with assertions: most end within a few
         * seconds, and what C2 does in that time only takes the processors from the other checks.
         */
        LIBRARY("io.multishot.", "-da", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        /** The library's tests with assertions. */
        CHECKED("io.multishot.", "-ea", "-Dmultishot.leak.seconds=5", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        /** Reads classes instead of running them, so it needs no process of its own. */
        COUNTS(PACKAGE + "counts."),
        INTERLEAVINGS(
                PACKAGE + "lincheck.",
                "-da",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:ActiveProcessorCount=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED"),
        STRESS(PACKAGE + "jcstress.", "-da"),
        SOAK(PACKAGE + "soak.", "-da");

        private final String tests;
        private final List<String> options;

        Kind(String tests, String... options) {
            this.tests = tests;
            this.options = List.of(options);
        }
    }

    /** From a word for the kind, and a test class with or without a method; or the program's arguments for a soak. */
    static Check parse(String line) {
        String[] words = line.split(" ", 2);
        return new Check(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), words[1]);
    }

    String testClass() {
        return kind.tests + (kind == Kind.STRESS ? "RealHardwareTest" : what.split("#")[0]);
    }

    /** A pattern for the methods' full names. */
    String testMethods() {
        String[] classAndMethod = what.split("#");
        String method = kind == Kind.STRESS ? "real" : classAndMethod.length > 1 ? classAndMethod[1] : ".*";
        return testClass().replace(".", "\\.") + "#" + method;
    }

    /** The command that runs some checks of a kind. It exits with 0 if the library passes them, with 1 if not. */
    static List<String> command(Kind kind, List<Check> checks, List<Path> classPath, List<String> moreOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(kind.options);
        command.addAll(moreOptions);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        if (kind == Kind.SOAK) {
            command.add(kind.tests + "Soak");
            checks.forEach(check -> command.addAll(List.of(check.what.split(" "))));
            return command;
        }
        if (kind == Kind.STRESS) {
            checks.forEach(check -> command.add(1, "-Dmultishot.jcstress=" + check.what));
        }
        command.addAll(List.of("org.junit.platform.console.ConsoleLauncher", "execute", "--fail-if-no-tests"));
        command.addAll(List.of("--fail-fast", "--disable-banner", "--details=none"));
        command.add("--exclude-tag=" + (kind == Kind.CHECKED ? "unchecked" : "checked"));
        checks.stream().map(Check::testClass).distinct().forEach(name -> command.add("--select-class=" + name));
        checks.forEach(check -> command.add("--include-methodname=" + check.testMethods()));
        return command;
    }

    /** For people: the class, with its method, that does it. */
    String name() {
        return switch (kind) {
            case STRESS -> "jcstress: " + what;
            case SOAK -> "the soak";
            default -> what.replace(".*", "…");
        };
    }
}
