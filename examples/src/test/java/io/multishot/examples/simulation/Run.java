package io.multishot.examples.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.examples.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * One run of the program in this JVM, and what came of it.
 *
 * @param status the exit status
 * @param out standard output
 * @param err standard error
 */
record Run(int status, String out, String err) {
    static Run of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return of(out, args).withOut(out.toString(UTF_8));
    }

    static Run of(OutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Simulation.run(out, new PrintStream(err, true, UTF_8), Terminal.NONE, args);
        return new Run(status, "", err.toString(UTF_8));
    }

    private Run withOut(String printed) {
        return new Run(status, printed, err);
    }
}
