package io.multishot.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tagged snippets of some sources, by name. */
final class Snippets {
    private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::([a-z0-9-]+)\\[]\\s*");

    private final Map<String, Snippet> byName = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Returns the snippets of every Java and Kotlin source below a directory, without build output. */
    static Snippets below(Path root) throws IOException {
        Snippets snippets = new Snippets();
        for (String ending : List.of(".java", ".kt")) {
            for (Path file : ProjectFiles.below(root, ending)) {
                snippets.add(root.relativize(file).toString(), Files.readAllLines(file));
            }
        }
        return snippets;
    }

    /** Adds the snippets of a file. A snippet may contain another one; the lines of the tags belong to neither. */
    void add(String file, List<String> lines) {
        Map<String, List<String>> open = new LinkedHashMap<>();
        Map<String, Integer> begins = new HashMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            Matcher tag = TAG.matcher(line);
            if (!tag.matches()) {
                open.values().forEach(inside -> inside.add(line));
            } else if (tag.group(1).equals("tag")) {
                open.put(tag.group(2), new ArrayList<>());
                begins.put(tag.group(2), number + 1);
            } else {
                List<String> inside = open.remove(tag.group(2));
                String where = file + ":" + number;
                if (inside == null) {
                    problems.add(where + ": ends the snippet '" + tag.group(2) + "', which was not begun");
                } else {
                    define(tag.group(2), new Snippet(file + ":" + begins.get(tag.group(2)), dedent(inside)));
                }
            }
        }
        open.keySet().forEach(name -> problems.add(file + ": does not end the snippet '" + name + "'"));
    }

    private void define(String name, Snippet snippet) {
        Snippet other = byName.put(name, snippet);
        if (other != null) {
            problems.add(snippet.where() + ": the snippet '" + name + "' is at " + other.where() + " already");
        }
    }

    /** Returns what is wrong with the tags, and with quotes that are not equal to the snippets they name. */
    List<String> problemsWith(List<Quote> quotes) {
        List<String> all = new ArrayList<>(problems);
        for (Quote quote : quotes) {
            Snippet snippet = byName.get(quote.name());
            if (quote.name() == null) {
                all.add(quote.where() + ": no <!-- snippet: NAME --> on the line above this block");
            } else if (snippet == null) {
                all.add(quote.where() + ": no source has a snippet '" + quote.name() + "'");
            } else if (!snippet.lines().equals(quote.lines())) {
                all.add(difference(quote, snippet));
            }
        }
        return all;
    }

    private static String difference(Quote quote, Snippet snippet) {
        int line = Arrays.mismatch(quote.lines().toArray(), snippet.lines().toArray());
        return quote.where() + ": differs from the snippet '" + quote.name() + "' at " + snippet.where() + " in line "
                + (line + 1) + ":\n  text:   " + lineOf(quote.lines(), line) + "\n  source: "
                + lineOf(snippet.lines(), line);
    }

    private static String lineOf(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "(no such line)";
    }

    /** Removes the indentation that all lines share, and white space at their ends. */
    static List<String> dedent(List<String> lines) {
        int common = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(common).stripTrailing())
                .toList();
    }

    /**
     * Lines of a source between {@code // tag::NAME[]} and {@code // end::NAME[]}.
     *
     * @param where the file and the number of the first line
     * @param lines the lines, without their common indentation
     */
    private record Snippet(String where, List<String> lines) {}
}
