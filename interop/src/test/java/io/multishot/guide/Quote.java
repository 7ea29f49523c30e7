package io.multishot.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of code in a text.
 *
 * @param where the file and the number of the line above the block
 * @param name the name of the snippet that is quoted, or null if the line above does not say
 * @param lines the lines, without their common indentation
 */
record Quote(String where, @Nullable String name, List<String> lines) {
    private static final Pattern COMMENT = Pattern.compile("\\s*<!-- snippet: (\\S+) -->\\s*");
    private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})\\s*(\\S*).*");
    private static final Pattern JAVADOC_MARGIN = Pattern.compile("\\s*\\* ?");

    /** Finds the blocks of Java and of Kotlin in a Markdown text. */
    static List<Quote> inMarkdown(String file, List<String> lines) {
        List<Quote> quotes = new ArrayList<>();
        for (int number = 0; number < lines.size(); number++) {
            Matcher fence = FENCE.matcher(lines.get(number));
            if (fence.matches()) {
                int end = number + 1;
                while (end < lines.size() && !lines.get(end).strip().equals(fence.group(1))) {
                    end++;
                }
                if (fence.group(2).equals("java") || fence.group(2).equals("kotlin")) {
                    quotes.add(of(file, lines, number - 1, number, end));
                }
                number = end;
            }
        }
        return quotes;
    }

    /** Finds the blocks of code in the Javadoc of a source, or in an HTML page of the Javadoc. */
    static List<Quote> inJavadoc(String file, List<String> lines) {
        boolean isPage = file.endsWith(".html");
        List<String> texts = lines.stream()
                .map(line -> isPage ? line : JAVADOC_MARGIN.matcher(line).replaceFirst(""))
                .toList();
        List<Quote> quotes = new ArrayList<>();
        for (int number = 0; number < texts.size(); number++) {
            boolean isText = isPage || JAVADOC_MARGIN.matcher(lines.get(number)).lookingAt();
            if (isText && texts.get(number).contains("<pre")) {
                int end = number + 1;
                while (end < texts.size() && !texts.get(end).contains("</pre>")) {
                    end++;
                }
                // the formatter puts an empty line between the name and the block
                int above = number > 0 && texts.get(number - 1).isBlank() ? number - 2 : number - 1;
                quotes.add(of(file, texts, above, number, end));
            }
        }
        return quotes;
    }

    /** Makes a quote of the lines between {@code begin} and {@code end}, named by the line {@code above}. */
    private static Quote of(String file, List<String> lines, int above, int begin, int end) {
        Matcher comment = COMMENT.matcher(above < 0 ? "" : lines.get(above));
        String name = comment.matches() ? comment.group(1) : null;
        return new Quote(file + ":" + (begin + 1), name, Snippets.dedent(lines.subList(begin + 1, end)));
    }
}
