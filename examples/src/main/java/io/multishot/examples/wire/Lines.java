package io.multishot.examples.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** Reads lines of bytes, of any length and in no encoding. */
public final class Lines implements AutoCloseable {
    private final String name;
    private final InputStream input;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;

    /**
     * Makes a reader of lines.
     *
     * @param name what the input is called if it cannot be read
     * @param input where the lines are, buffered
     */
    public Lines(String name, InputStream input) {
        this.name = name;
        this.input = input;
    }

    /**
     * Reads the next line.
     *
     * @return the line without its line feed, which the last line may lack; null at the end
     * @throws FileSystemException if the input cannot be read
     */
    public byte @Nullable [] next() throws FileSystemException {
        try {
            return read();
        } catch (IOException unreadable) {
            FileSystemException named = new FileSystemException(name, null, unreadable.getMessage());
            named.initCause(unreadable);
            throw named;
        }
    }

    private byte @Nullable [] read() throws IOException {
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

    @Override
    public void close() throws IOException {
        input.close();
    }
}
