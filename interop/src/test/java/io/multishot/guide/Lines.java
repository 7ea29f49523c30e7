package io.multishot.guide;

import java.util.ArrayList;
import java.util.List;

/** Lines of a file. */
final class Lines {
    private Lines() {}

    /** Without the indentation that all have, and without white space at their ends. */
    static List<String> dedent(List<String> lines) {
        List<String> stripped = new ArrayList<>();
        int common = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(Lines::indentation)
                .min()
                .orElse(0);
        for (String line : lines) {
            stripped.add(line.isBlank() ? "" : line.substring(common).stripTrailing());
        }
        return stripped;
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }
}
