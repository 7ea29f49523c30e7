package io.multishot.examples;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that shows standard error, if there is one.
 *
 * @param columns its width; 0 without a terminal
 * @param showsResults whether standard output is on a terminal too
 */
public record Terminal(int columns, boolean showsResults) {
    /** No terminal. */
    public static final Terminal NONE = new Terminal(0, false);

    private static final int USUAL_COLUMNS = 80;
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("(\\d+) (\\d+)\\s*");

    /**
     * Finds out with commands that POSIX has, because System.console() knows nothing of standard error.
     *
     * @return the terminal of this process
     */
    public static Terminal ofThisProcess() {
        try {
            int columns = columnsOfStandardError();
            return columns == 0 ? NONE : new Terminal(columns, isStandardOutputATerminal());
        } catch (IOException noSuchCommand) {
            return NONE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return NONE;
        }
    }

    private static int columnsOfStandardError() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "test -t 2 && { stty size <&2 2>/dev/null || echo 0 0; }")
                .redirectError(Redirect.INHERIT)
                .start();
        byte[] said = process.getInputStream().readAllBytes();
        process.waitFor();
        Matcher size = ROWS_AND_COLUMNS.matcher(new String(said, StandardCharsets.US_ASCII));
        if (!size.matches()) {
            return 0;
        }
        int columns = Integer.parseInt(size.group(2));
        return columns == 0 ? USUAL_COLUMNS : columns;
    }

    private static boolean isStandardOutputATerminal() throws IOException, InterruptedException {
        return new ProcessBuilder("test", "-t", "1")
                        .redirectOutput(Redirect.INHERIT)
                        .start()
                        .waitFor()
                == 0;
    }
}
