package io.multishot.verification.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The guarantees as the README states them: the first column of each table row and the bold start of each point in the
 * section <em>Guarantees</em>, and the first column of the table of levels in the section whose heading has the word
 * <em>protection</em>.
 *
 * <p>A planted bug names one of them in its {@code readme:} line. Both texts are compared by {@link #key}: case,
 * markup, spaces and a final punctuation mark do not count. After a change of wording in the README, the
 * {@code readme:} lines must change with it; the test says which.
 */
record Guarantees(List<String> names) {
    /** Where a planted bug breaks a promise that only the Javadoc makes. */
    static final String JAVADOC = "Javadoc";

    static Guarantees read(Path readme) throws IOException {
        String text = Files.readString(readme);
        String guarantees = section(text, "Guarantees");
        List<String> names = new ArrayList<>();
        names.addAll(rows(guarantees));
        names.addAll(found(guarantees, "(?m)^- \\*\\*(.*?)\\*\\*"));
        names.addAll(rows(section(text, "protection")));
        return new Guarantees(names);
    }

    /** Returns what two texts that name the same guarantee have in common. */
    static String key(String name) {
        return name.replaceAll("[`*_]", "")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("[.:;]$", "")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns the first cell of each row of the section's tables, without the rows of headings. */
    private static List<String> rows(String section) {
        return found(section, "(?m)^\\|(?!\\s*:?-)([^|\n]+)\\|.*$(?!\\R\\|\\s*:?-)");
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1).strip())
                .toList();
    }

    /** Returns the section of the second level whose heading has this word. */
    private static String section(String text, String word) {
        return Pattern.compile("(?m)^## ")
                .splitAsStream(text)
                .skip(1)
                .filter(section -> section.lines()
                        .findFirst()
                        .orElseThrow()
                        .toLowerCase(Locale.ROOT)
                        .contains(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the README has no heading with \"" + word + "\""));
    }
}
