package io.multishot.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the blocks of Java and of Kotlin in a Markdown text. */
final class Markdown {
    private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})\\s*(\\S*).*");
    private static final Pattern COMMENT = Pattern.compile("\\s*<!-- snippet: (\\S+) -->\\s*");

    private Markdown() {}

    static List<Quote> quotes(String file, List<String> lines) {
        List<Quote> quotes = new ArrayList<>();
        int number = 0;
        while (number < lines.size()) {
            Matcher fence = FENCE.matcher(lines.get(number));
            if (fence.matches()) {
                int end = end(fence.group(1), lines, number + 1);
                if (isChecked(fence.group(2))) {
                    String name = number == 0 ? null : name(lines.get(number - 1));
                    quotes.add(
                            new Quote(file + ":" + (number + 1), name, Lines.dedent(lines.subList(number + 1, end))));
                }
                number = end;
            }
            number++;
        }
        return quotes;
    }

    private static boolean isChecked(String language) {
        return language.equals("java") || language.equals("kotlin");
    }

    private static int end(String fence, List<String> lines, int begin) {
        int end = begin;
        while (end < lines.size() && !lines.get(end).strip().equals(fence)) {
            end++;
        }
        return end;
    }

    private static @Nullable String name(String line) {
        Matcher comment = COMMENT.matcher(line);
        return comment.matches() ? comment.group(1) : null;
    }
}
