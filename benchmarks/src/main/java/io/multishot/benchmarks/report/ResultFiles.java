package io.multishot.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The results as files for programs: JSON, which can be read again, and CSV with one sample a line. */
public final class ResultFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setHeader("theme", "scenario", "contender", "role", "metric", "unit", "pass", "sample")
            .setRecordSeparator('\n')
            .get();

    private ResultFiles() {}

    /**
     * Writes both files.
     *
     * @param results what was measured
     * @param folder where to
     * @throws IOException if that fails
     */
    public static void write(Results results, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(json(folder), JSON.writeValueAsString(results) + "\n");
        try (CSVPrinter out = CSV.print(folder.resolve("results.csv"), StandardCharsets.UTF_8)) {
            for (Series series : results.series()) {
                for (int pass = 0; pass < series.passes().size(); pass++) {
                    for (double sample : series.passes().get(pass)) {
                        out.printRecord(
                                series.theme(),
                                series.scenario(),
                                series.contender(),
                                series.role(),
                                series.metric(),
                                series.unit(),
                                pass + 1,
                                sample);
                    }
                }
            }
        }
    }

    /**
     * Reads the JSON file.
     *
     * @param folder where it is
     * @return what was measured
     * @throws IOException if that fails
     */
    public static Results read(Path folder) throws IOException {
        return JSON.readValue(json(folder).toFile(), Results.class);
    }

    private static Path json(Path folder) {
        return folder.resolve("results.json");
    }
}
