package io.multishot.verification.planted;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One of the project's own checks, as a program that can be run against a patched library. */
record Check(Kind kind, String what) {
    private static final String PACKAGE = "io.multishot.verification.";

    /** The group of checks that it belongs to, and the options that these need. */
    enum Kind {
        /**
         * The library's tests without assertions. Like those with assertions they run with C1 alone: most end within a
         * few seconds, in which C2 would only take the processors from the other checks.
         */
        LIBRARY("io.multishot.", "-da", "-Dmultishot.leak.seconds=5", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        /** The library's tests with assertions. */
        CHECKED("io.multishot.", "-ea", "-Dmultishot.leak.seconds=5", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        /** Checks that read classes instead of running them, so they need no process of their own. */
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

    /** Parses a word for the kind, then a test class with or without a method; or the arguments of a soak. */
    static Check parse(String line) {
        String[] words = line.split(" ", 2);
        return new Check(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), words[1]);
    }

    String testClass() {
        return kind.tests + (kind == Kind.STRESS ? "JcstressTest" : what.split("#")[0]);
    }

    /** Returns a pattern for the methods' full names. */
    String testMethods() {
        String[] classAndMethod = what.split("#");
        String method = kind == Kind.STRESS ? "real" : classAndMethod.length > 1 ? classAndMethod[1] : ".*";
        return testClass().replace(".", "\\.") + "#" + method;
    }

    /** Returns the command that runs checks of one kind. It exits with 0 if the library passes them, with 1 if not. */
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

    /** Returns the class and the method, for people. */
    String name() {
        return switch (kind) {
            case STRESS -> "jcstress: " + what;
            case SOAK -> "the soak";
            default -> what.replace(".*", "…");
        };
    }
}
