package io.multishot.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of prose with tables in it. What stands between {@code <!-- begin jdk-25-g1 round.ready -->} and {@code <!--
 * end -->} is replaced by the table of that scenario in that folder of results; {@code machine} instead of a scenario
 * stands for what the figures were measured on. A place whose folder there is not keeps what it has.
 */
public final class Page {
    private static final Pattern PLACE =
            Pattern.compile("(<!-- begin (\\S+) (\\S+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private Page() {}

    /**
     * Writes the tables into a page.
     *
     * @param page the page
     * @param folders where the folders of results are
     * @throws IOException if that fails
     */
    public static void fill(Path page, Path folders) throws IOException {
        Matcher places = PLACE.matcher(Files.readString(page));
        StringBuilder text = new StringBuilder();
        while (places.find()) {
            Path folder = folders.resolve(places.group(2));
            String filled = places.group();
            if (Files.exists(folder)) {
                Tables tables = new Tables(ResultFiles.read(folder));
                filled = places.group(1) + "\n" + table(tables, places.group(3)) + "\n" + places.group(4);
            }
            places.appendReplacement(text, Matcher.quoteReplacement(filled));
        }
        places.appendTail(text);
        Files.writeString(page, text);
    }

    private static String table(Tables tables, String name) {
        if (name.equals("machine")) {
            return tables.machine();
        }
        for (Theme theme : Theme.values()) {
            for (Theme.Scenario scenario : theme.scenarios()) {
                if (name.equals(theme.id() + "." + scenario.method())) {
                    return tables.of(theme, scenario);
                }
            }
        }
        throw new IllegalArgumentException("no such scenario: " + name);
    }
}
