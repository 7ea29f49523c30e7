package io.multishot.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the blocks of code in the Javadoc of a source, or in a page that belongs to Javadoc. */
final class Javadoc {
    private static final Pattern MARGIN = Pattern.compile("\\s*\\* ?");
    private static final Pattern COMMENT = Pattern.compile("\\s*<!-- snippet: (\\S+) -->\\s*");

    private Javadoc() {}

    static List<Quote> quotes(String file, List<String> lines) {
        boolean page = file.endsWith(".html");
        List<String> texts = lines.stream()
                .map(line -> page ? line : MARGIN.matcher(line).replaceFirst(""))
                .toList();
        List<Quote> quotes = new ArrayList<>();
        for (int begin = 0; begin < texts.size(); begin++) {
            // in a source it counts in a comment only
            boolean documents = page || MARGIN.matcher(lines.get(begin)).lookingAt();
            if (documents && texts.get(begin).contains("<pre")) {
                int end = end(texts, begin + 1);
                String name = begin == 0 ? null : name(texts.get(begin - 1));
                quotes.add(new Quote(file + ":" + (begin + 1), name, Lines.dedent(texts.subList(begin + 1, end))));
            }
        }
        return quotes;
    }

    private static int end(List<String> texts, int begin) {
        int end = begin;
        while (end < texts.size() && !texts.get(end).contains("</pre>")) {
            end++;
        }
        return end;
    }

    private static @Nullable String name(String line) {
        Matcher comment = COMMENT.matcher(line);
        return comment.matches() ? comment.group(1) : null;
    }
}
