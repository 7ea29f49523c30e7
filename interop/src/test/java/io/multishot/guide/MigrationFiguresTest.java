package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The figures of the migration page are those of the pages that it takes them from. */
@Tag("texts")
class MigrationFiguresTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** The first cell of a table of figures: where they stand. */
    private static final Pattern SOURCE = Pattern.compile("\\[[^]]*]\\((benchmarks[a-z-]*\\.md)#([a-z0-9-]+)\\)");

    private static final String IN_NANOSECONDS = "ns, ";
    private static final Pattern FIGURE = Pattern.compile("(?<![\\d.,])\\d[\\d.,]*\\d? (ns|µs|bytes)\\b");

    @Test
    void theFiguresAreThoseOfTheirPages() throws IOException {
        Map<String, List<String>> pages = new HashMap<>();
        try (Stream<Path> files = Files.list(DOCS)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("benchmarks"))
                    .toList()) {
                pages.put(file.getFileName().toString(), Files.readAllLines(file));
            }
        }
        List<String> migration = Files.readAllLines(DOCS.resolve("migration.md"));
        assertThat(MarkdownTable.in(migration))
                .filteredOn(table -> SOURCE.matcher(table.head()).matches())
                .hasSizeGreaterThanOrEqualTo(5);
        assertThat(problems(migration, pages)).isEmpty();
    }

    private static final Map<String, List<String>> PAGES =
            Map.of("benchmarks-some.md", """
            # Some

            The floor takes 9.36 ns (ready) and 14.1 ns (pending, dropped); a channel has 64 bytes.

            |  | ready | bytes |
            |---|--:|--:|
            | floor | 3.00 | 8 |

            ## Rounds on *one* thread

            The floor takes 9.36 ns (ready) and 14.1 ns (pending, dropped).

            | | | ready | pending | bytes |
            |---|---|--:|--:|--:|
            | one | floor | 1.00 (0.90–1.10) | 1.00 | 0 |
            |  | **ours** | 2.00 (1.90–2.10) |  | 24.0 |

            ## Last
            """.lines().toList());

    private static List<String> problems(String page) {
        return problems(page.lines().toList(), PAGES);
    }

    @Test
    void theSameFiguresAreRight() {
        assertThat(problems("""
                Here 1.00 is 9.36 ns, and a channel takes 64 bytes.

                | [one](benchmarks-some.md#rounds-on-one-thread) | bytes | ready | pending | ns, ready |
                |---|--:|--:|--:|--:|
                | one: ours | 24.0 | 2.00 |  | 18.7 |

                | before | after |
                |---|---|
                | 99 | 100 |
                """)).isEmpty();
    }

    @Test
    void anotherFigureIsWrong() {
        assertThat(problems("""
                | [one](benchmarks-some.md#rounds-on-one-thread) | ready | pending | ns, ready |
                |---|--:|--:|--:|
                | one: ours | 2.01 | 1.00 | 18.8 |
                """))
                .containsExactly(
                        "migration.md:1: one: ours, ready: 2.01 here, 2.00 in benchmarks-some.md",
                        "migration.md:1: one: ours, pending: 1.00 here, nothing in benchmarks-some.md",
                        "migration.md:1: one: ours, ns, ready: 18.8 here, 18.7 by benchmarks-some.md");
    }

    @Test
    void aRowOrColumnOrSectionThatIsNotThereIsWrong() {
        assertThat(problems("""
                | [one](benchmarks-some.md#rounds-on-one-thread) | ready | dropped |
                |---|--:|--:|
                | one: ours | 2.00 | 2.00 |

                | [one](benchmarks-some.md#rounds-on-one-thread) | ready |
                |---|--:|
                | ours | 2.00 |

                | [one](benchmarks-some.md#last) | ready |
                |---|--:|
                | floor | 3.00 |

                | [one](benchmarks-other.md#last) | ready |
                |---|--:|
                | floor | 3.00 |
                """))
                .containsExactly(
                        "migration.md:1: no table with the columns [ready, dropped] in benchmarks-some.md"
                                + " under #rounds-on-one-thread",
                        "migration.md:5: ours: no such row in benchmarks-some.md",
                        "migration.md:9: no table with the columns [ready] in benchmarks-some.md under #last",
                        "migration.md:13: no page benchmarks-other.md");
    }

    @Test
    void aFigureInTheTextThatIsOnNoPageIsWrong() {
        assertThat(problems("It takes 9.3 ns, 4.1 ns or 14.1 ns, and 4 bytes."))
                .containsExactly(
                        "migration.md: '9.3 ns' is on no page of figures",
                        "migration.md: '4.1 ns' is on no page of figures",
                        "migration.md: '4 bytes' is on no page of figures");
    }

    private static List<String> problems(List<String> migration, Map<String, List<String>> pages) {
        List<String> problems = new ArrayList<>();
        for (MarkdownTable table : MarkdownTable.in(migration)) {
            Matcher source = SOURCE.matcher(table.head());
            if (source.matches()) {
                String where = "migration.md:" + table.line() + ": ";
                String page = source.group(1);
                if (pages.containsKey(page)) {
                    List<String> section = section(pages.get(page), source.group(2));
                    differences(table, page, source.group(2), section)
                            .forEach(difference -> problems.add(where + difference));
                } else {
                    problems.add(where + "no page " + page);
                }
            }
        }
        Map<String, List<String>> sorted = new TreeMap<>(pages);
        List<String> known = new ArrayList<>();
        sorted.values().forEach(lines -> known.addAll(figures(lines)));
        for (String figure : figures(migration)) {
            if (!known.contains(figure)) {
                problems.add("migration.md: '" + figure + "' is on no page of figures");
            }
        }
        return problems;
    }

    private static List<String> figures(List<String> lines) {
        return FIGURE.matcher(String.join(" ", lines))
                .results()
                .map(result -> result.group())
                .toList();
    }

    /** Returns the lines below the heading with this anchor, up to the next heading. */
    private static List<String> section(List<String> lines, String anchor) {
        List<String> section = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.startsWith("#")) {
                inside = anchor(line).equals(anchor);
            } else if (inside) {
                section.add(line);
            }
        }
        return section;
    }

    private static String anchor(String heading) {
        String text = heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT);
        return text.replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }

    private static List<String> differences(MarkdownTable here, String page, String anchor, List<String> section) {
        List<String> figures = here.columns().stream()
                .map(MigrationFiguresTest::original)
                .distinct()
                .toList();
        MarkdownTable there = MarkdownTable.in(section).stream()
                .filter(table -> table.columns().containsAll(figures))
                .findFirst()
                .orElse(null);
        List<String> differences = new ArrayList<>();
        if (there == null) {
            differences.add("no table with the columns " + figures + " in " + page + " under #" + anchor);
            return differences;
        }
        here.rows().forEach((row, cells) -> {
            List<String> original = there.rows().get(row);
            if (original == null) {
                differences.add(row + ": no such row in " + page);
                return;
            }
            for (int i = 0; i < cells.size(); i++) {
                String column = here.columns().get(i);
                boolean derived = column.startsWith(IN_NANOSECONDS);
                String name = original(column);
                // without the quartiles
                String figure = original.get(there.columns().indexOf(name)).replaceFirst(" \\(.*", "");
                String right = derived ? nanoseconds(figure, floor(section, name)) : figure;
                if (!cells.get(i).equals(right)) {
                    differences.add(row + ", " + column + ": " + orNothing(cells.get(i)) + " here, " + orNothing(right)
                            + (derived ? " by " : " in ") + page);
                }
            }
        });
        return differences;
    }

    /** Returns the name of the column from which a column is taken or computed. */
    private static String original(String column) {
        return column.startsWith(IN_NANOSECONDS) ? column.substring(IN_NANOSECONDS.length()) : column;
    }

    private static String orNothing(String cell) {
        return cell.isEmpty() ? "nothing" : cell;
    }

    /** Returns how long the floor of a column takes: a section says it as in "14.1 ns (pending, dropped)". */
    private static double floor(List<String> section, String column) {
        Matcher floor = Pattern.compile("([\\d.]+) ns \\(([^)]*, )?" + Pattern.quote(column) + "(,[^)]*)?\\)")
                .matcher(String.join(" ", section));
        return floor.find() ? Double.parseDouble(floor.group(1)) : Double.NaN;
    }

    private static String nanoseconds(String ratio, double floor) {
        return ratio.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", Double.parseDouble(ratio) * floor);
    }
}
