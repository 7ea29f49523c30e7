package io.multishot.verification.planted;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The text of {@code docs/planted-bugs.md}: a table for each guarantee, made of the heads of the patches. */
final class PlantedBugsPage {
    private static final String INTRODUCTION = """
            # Planted bugs

            A planted bug is a patch of the library that breaks one guarantee. The build compiles the library with
            each patch, runs the checks that are named beside it, and fails if one of them passes.
            [proof.md](proof.md) says what that proves, and what it does not.

            This page is generated from the heads of the patches, which are the files `NAME.patch` below
            `verification/src/test/resources`. After a change of a head, or of a guarantee in
            [guarantees.md](guarantees.md), regenerate it with

            ```sh
            %s
            ```

            The checks of the last column run in the deep tier, `mvn -Pdeep verify`, in addition to those of every
            build.
            """;

    private PlantedBugsPage() {}

    static String render(Guarantees guarantees, List<PlantedBug> bugs, String command) {
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(command));
        List<String> names = new ArrayList<>(guarantees.names());
        names.add(Guarantees.JAVADOC);
        for (String name : names) {
            String heading = name.equals(Guarantees.JAVADOC) ? "Promises of the Javadoc" : name;
            page.append("\n## ").append(heading).append("\n\n");
            page.append("| guarantee | planted bug | patch | caught in every build by | and in the deep tier by |\n");
            page.append("|---|---|---|---|---|\n");
            bugs.stream()
                    .filter(bug -> Guarantees.key(bug.promise()).equals(Guarantees.key(name)))
                    .sorted(Comparator.comparing(PlantedBug::guarantee).thenComparing(PlantedBug::name))
                    .map(PlantedBugsPage::row)
                    .forEach(page::append);
        }
        return page.toString();
    }

    private static String row(PlantedBug bug) {
        return "| " + bug.guarantee() + " | " + bug.mistake() + " | `" + bug.name() + "` | " + names(bug.quick())
                + " | " + names(bug.deep()) + " |\n";
    }

    private static String names(List<Check> checks) {
        return checks.stream().map(Check::name).collect(joining(", "));
    }
}
