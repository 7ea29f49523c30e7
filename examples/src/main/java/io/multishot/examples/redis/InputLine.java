package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A line of input, read as {@code redis-cli} reads it.
 *
 * @param arguments the name of a command and its arguments; none if the line is blank
 * @param times how often to run it
 * @param isEnd whether the line ends the program
 */
record InputLine(List<byte[]> arguments, long times, boolean isEnd) {
    private static final Pattern ARGUMENT = Pattern.compile("""
            \\G \\s*+ (?!\\z)                     # space before it
            (?<word> [^\\x20\\t\\r\\n"']*+ )      # no quotes
            (?: " (?<escaped> (?: \\\\. | [^"\\\\] )*+ ) " (?!\\S)
              | ' (?<quoted> (?: \\\\' | [^'] )*+ ) ' (?!\\S)
              | (?!["']) )
            """, Pattern.COMMENTS | Pattern.DOTALL);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x\\p{XDigit}{2}|.)", Pattern.DOTALL);
    private static final String ESCAPES = "nrtba";
    private static final String ESCAPED = "\n\r\t\b\007";
    private static final Pattern REPETITIONS = Pattern.compile("|\\s*[+-]?\\d+");
    private static final Pattern WITHOUT_ONE_REPLY =
            Pattern.compile("(?is)([PS]?(UN)?SUBSCRIBE|MONITOR|P?SYNC)( .*)?|CLIENT REPLY");

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException with the text that {@code redis-cli} prints, if it cannot read the line
     */
    static InputLine of(byte[] line) {
        List<String> words = split(new String(line, ISO_8859_1).split("\0", 2)[0]); // a zero byte ends it, as in C
        String first = words.isEmpty() ? "" : words.get(0);
        boolean isRepeated = words.size() > 1 && REPETITIONS.matcher(first).matches();
        long times = isRepeated ? repetitions(first) : Math.min(1, words.size());
        List<byte[]> arguments = words.stream()
                .skip(isRepeated ? 1 : 0)
                .map(word -> word.getBytes(ISO_8859_1))
                .toList();
        return new InputLine(arguments, times, first.equalsIgnoreCase("quit") || first.equalsIgnoreCase("exit"));
    }

    private static List<String> split(String line) {
        List<String> arguments = new ArrayList<>();
        Matcher argument = ARGUMENT.matcher(line);
        int end = 0;
        for (; argument.find(); end = argument.end()) {
            String escaped = argument.group("escaped");
            String quoted = argument.group("quoted");
            arguments.add(argument.group("word")
                    + (escaped == null ? "" : ESCAPE.matcher(escaped).replaceAll(InputLine::unescaped))
                    + (quoted == null ? "" : quoted.replace("\\'", "'")));
        }
        if (!line.substring(end).isBlank()) {
            throw new IllegalArgumentException("Invalid argument(s)"); // a quote is not closed, or closed inside a word
        }
        return arguments;
    }

    private static String unescaped(MatchResult escape) {
        String code = escape.group(1);
        if (code.length() > 1) {
            code = String.valueOf((char) Integer.parseInt(code, 1, 3, 16));
        } else if (ESCAPES.contains(code)) {
            code = String.valueOf(ESCAPED.charAt(ESCAPES.indexOf(code)));
        }
        return Matcher.quoteReplacement(code);
    }

    private static long repetitions(String number) {
        long times;
        try {
            times = Long.parseLong(number.strip());
        } catch (NumberFormatException noneOrTooLarge) {
            times = 0;
        }
        if (times <= 0) {
            throw new IllegalArgumentException("Invalid redis-cli repeat command option value.");
        }
        return times;
    }

    /** Returns false for commands that have no reply, or several, or none from now on. */
    boolean hasOneReply() {
        String command = arguments.stream()
                .limit(2)
                .map(argument -> new String(argument, ISO_8859_1))
                .collect(Collectors.joining(" "));
        return !WITHOUT_ONE_REPLY.matcher(command).matches();
    }
}
