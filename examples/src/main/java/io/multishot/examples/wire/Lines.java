package io.multishot.examples.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines of bytes, of any length and in no encoding. */
public final class Lines {
    private final InputStream input;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;

    /**
     * Makes a reader of lines.
     *
     * @param input where the lines are, buffered
     */
    public Lines(InputStream input) {
        this.input = input;
    }

    /**
     * Reads the next line.
     *
     * @return the line without its line feed, which the last line may lack; null at the end
     * @throws IOException if the input cannot be read
     */
    public byte @Nullable [] next() throws IOException {
        line.reset();
        int read = input.read();
        if (read < 0) {
            return null;
        }
        for (; read >= 0 && read != '\n'; read = input.read()) {
            line.write(read);
        }
        number++;
        return line.toByteArray();
    }

    /**
     * Returns which line was read last.
     *
     * @return its number, from 1
     */
    public long number() {
        return number;
    }
}
