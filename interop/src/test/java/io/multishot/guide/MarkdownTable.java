package io.multishot.guide;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A table in a Markdown text. The columns whose header is empty, or at least the first one, are the label of a row; an
 * empty cell of a label means the same as above.
 *
 * @param line the number of its first line
 * @param head the text of the first cell
 * @param columns the headers of all columns that are no labels
 * @param rows the cells of each row, by its label
 */
record MarkdownTable(int line, String head, List<String> columns, Map<String, List<String>> rows) {

    /** Finds the tables in a text. */
    static List<MarkdownTable> in(List<String> lines) {
        List<MarkdownTable> tables = new ArrayList<>();
        for (int begin = 0; begin < lines.size(); begin++) {
            int end = begin;
            while (end < lines.size() && lines.get(end).startsWith("|")) {
                end++;
            }
            if (end > begin) {
                tables.add(of(begin + 1, lines.subList(begin, end)));
                begin = end;
            }
        }
        return tables;
    }

    private static MarkdownTable of(int line, List<String> lines) {
        List<String> header = cells(lines.get(0));
        int labels = 1;
        while (labels < header.size() && header.get(labels).isEmpty()) {
            labels++;
        }
        Map<String, List<String>> rows = new LinkedHashMap<>();
        List<String> above = List.of();
        for (String each : lines.subList(2, lines.size())) { // the second line only aligns
            List<String> cells = cells(each);
            List<String> label = new ArrayList<>(cells.subList(0, labels));
            for (int part = 0; part < labels - 1; part++) {
                if (label.get(part).isEmpty() && !above.isEmpty()) {
                    label.set(part, above.get(part));
                }
            }
            above = label;
            String key = String.join(
                    ": ", label.stream().filter(Predicate.not(String::isEmpty)).toList());
            rows.put(key, cells.subList(labels, cells.size()));
        }
        return new MarkdownTable(line, header.get(0), header.subList(labels, header.size()), rows);
    }

    /** Returns the cells of a line, without bold type. */
    private static List<String> cells(String line) {
        String inside = line.strip().replace("**", "");
        List<String> cells = new ArrayList<>();
        for (String cell : inside.substring(1, inside.lastIndexOf('|')).split("\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }
}
