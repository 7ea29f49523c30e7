package io.multishot.verification.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mistake that somebody could make in the library: a patch of its source, with the guarantee that it breaks and the
 * checks that must catch it. A patch file has a head of {@code name: value} lines. Then follow, for each change,
 * {@code --- Class} and lines like those of a diff: kept, removed and added lines begin with a space, a minus and a
 * plus.
 *
 * @param name the name of the patch file, without its extension
 * @param promise the level, call or point of docs/guarantees.md that it breaks, see {@link Guarantees}; or Javadoc
 * @param guarantee what it breaks, in words
 * @param mistake what is wrong, in words
 * @param quick the checks that must catch it in every build
 * @param deep the further checks that must catch it in the deep tier
 * @param changes what to change
 */
record PlantedBug(
        String name,
        String promise,
        String guarantee,
        String mistake,
        List<Check> quick,
        List<Check> deep,
        List<Change> changes) {
    private static final Path PATCHES = Path.of("src/test/resources/io/multishot/verification/planted");

    /** One place in a source: the correct text must occur exactly once, and the wrong text replaces it. */
    record Change(String file, String correct, String wrong) {
        String in(String source) {
            int at = source.indexOf(correct);
            if (at < 0 || source.indexOf(correct, at + 1) >= 0) {
                throw new AssertionError("the code to be replaced does not occur exactly once in " + file
                        + ": the source has changed, so change the planted bug, too:\n" + correct);
            }
            return source.substring(0, at) + wrong + source.substring(at + correct.length());
        }
    }

    /** Reads all planted bugs, sorted by name. Reads the sources: the build never deletes a copy of a renamed patch. */
    static List<PlantedBug> all() {
        try (Stream<Path> files = Files.list(PATCHES)) {
            List<PlantedBug> bugs = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".patch"))
                    .sorted()
                    .toList()) {
                bugs.add(read(file));
            }
            return bugs;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static PlantedBug read(Path file) throws IOException {
        String[] parts = Files.readString(file).split("(?m)^--- ");
        String promise = "";
        String guarantee = "";
        String mistake = "";
        List<Check> quick = new ArrayList<>();
        List<Check> deep = new ArrayList<>();
        for (String line : parts[0].lines().toList()) {
            int colon = line.indexOf(": ");
            String value = line.substring(colon + 2);
            switch (line.substring(0, colon)) {
                case "promise" -> promise = value;
                case "guarantee" -> guarantee = value;
                case "bug" -> mistake = value;
                case "quick" -> quick.add(Check.parse(value));
                case "deep" -> deep.add(Check.parse(value));
                default -> throw new AssertionError(file + ": " + line);
            }
        }
        List<Change> changes = Stream.of(parts).skip(1).map(PlantedBug::change).toList();
        String name = file.getFileName().toString().replace(".patch", "");
        return new PlantedBug(name, promise, guarantee, mistake, quick, deep, changes);
    }

    private static Change change(String part) {
        List<String> lines = part.lines().toList();
        StringBuilder correct = new StringBuilder();
        StringBuilder wrong = new StringBuilder();
        for (String line : lines.subList(1, lines.size())) {
            char kind = line.charAt(0);
            String text = line.substring(1) + "\n";
            switch (kind) {
                case ' ' -> {
                    correct.append(text);
                    wrong.append(text);
                }
                case '-' -> correct.append(text);
                case '+' -> wrong.append(text);
                default -> throw new AssertionError("a line that is neither kept nor removed nor added: " + line);
            }
        }
        return new Change(lines.get(0), correct.toString(), wrong.toString());
    }

    @Override
    public String toString() {
        return name;
    }
}
