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
                String name = name(texts, begin);
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

    /** Returns the name above a block. The formatter puts an empty line between the two. */
    private static @Nullable String name(List<String> texts, int block) {
        int above = block - 1;
        if (above >= 0 && texts.get(above).isBlank()) {
            above--;
        }
        Matcher comment = COMMENT.matcher(above < 0 ? "" : texts.get(above));
        return comment.matches() ? comment.group(1) : null;
    }
}
