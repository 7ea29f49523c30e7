package io.multishot.verification.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The guarantees as {@code docs/guarantees.md} states them: the first column of each row of its tables, which are the
 * levels of protection and the calls, and the bold start of each point.
 *
 * <p>A planted bug names one of them in its {@code promise:} line. Both texts are compared by {@link #key}: case,
 * markup, spaces and a final punctuation mark do not count. After a change of wording on the page, the {@code promise:}
 * lines must change with it; the test says which.
 */
record Guarantees(List<String> names) {
    /** Where a planted bug breaks a promise that only the Javadoc makes. */
    static final String JAVADOC = "Javadoc";

    /** The first cell of a row, unless the next line shows that it is a heading. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\|(?!\\s*:?-)([^|\n]+)\\|.*$(?!\\R\\|\\s*:?-)");

    private static final Pattern POINT = Pattern.compile("(?m)^- \\*\\*(.*?)\\*\\*");

    static Guarantees read(Path page) throws IOException {
        String text = Files.readString(page);
        return new Guarantees(
                Stream.concat(found(text, ROW), found(text, POINT)).toList());
    }

    /** Returns what two texts that name the same guarantee have in common. */
    static String key(String name) {
        return name.replaceAll("[`*_]", "")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("[.:;]$", "")
                .toLowerCase(Locale.ROOT);
    }

    private static Stream<String> found(String text, Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1).strip());
    }
}
