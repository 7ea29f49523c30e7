package io.multishot;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads once, from the system property {@code io.multishot.checks}, what the checked mode checks. */
final class Checks {
    private static final String PROPERTY = "io.multishot.checks";

    private static final String SETTING = setting(property(), Checks.class.desiredAssertionStatus());

    /**
     * Whether misuse is reported with its places, and overlapping calls are refused. A constant to the JIT compiler.
     */
    static final boolean FULL = SETTING.equals("full");

    /** Whether leaked senders are detected. A constant to the JIT compiler. */
    static final boolean LEAKS = FULL || SETTING.equals("leaks");

    private Checks() {}

    /** Returns {@code off}, {@code leaks} or {@code full}. Without a value that says so, assertions decide. */
    static String setting(@Nullable String value, boolean assertions) {
        String byAssertions = assertions ? "full" : "off";
        if (value == null) {
            return byAssertions;
        }
        String setting = value.toLowerCase(Locale.ROOT);
        return switch (setting) {
            case "off", "leaks", "full" -> setting;
            default -> {
                System.getLogger("io.multishot")
                        .log(
                                System.Logger.Level.WARNING,
                                "the system property " + PROPERTY + " is \"" + value
                                        + "\", which is neither off, leaks nor full; using " + byAssertions
                                        + ", as assertions say");
                yield byAssertions;
            }
        };
    }

    private static @Nullable String property() {
        try {
            return System.getProperty(PROPERTY);
        } catch (SecurityException hidden) {
            return null;
        }
    }
}
