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
    private int available; // how many bytes can be read without waiting, at least
    private boolean isWhole;
    private boolean isAtEnd;
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
     * Returns whether {@link #next()} would return at once.
     *
     * @return false if it might wait or fail
     */
    public boolean isReady() {
        try {
            while (!isWhole && canRead()) {
                readByte();
            }
        } catch (IOException unknown) {
            // next() fails, too, if this is more than a pipe that cannot say how much there is in it
        }
        return isWhole;
    }

    /**
     * Reads the next line.
     *
     * @return the line without its line feed, which the last line may lack; null at the end
     * @throws FileSystemException if the input cannot be read
     */
    public byte @Nullable [] next() throws FileSystemException {
        try {
            while (!isWhole) {
                readByte();
            }
        } catch (IOException unreadable) {
            FileSystemException named = new FileSystemException(name, null, unreadable.getMessage());
            named.initCause(unreadable);
            throw named;
        }
        if (isAtEnd && line.size() == 0) {
            return null;
        }
        byte[] whole = line.toByteArray();
        line.reset();
        isWhole = isAtEnd;
        number++;
        return whole;
    }

    private boolean canRead() throws IOException {
        if (available == 0) {
            available = input.available(); // a system call, perhaps
        }
        return available > 0;
    }

    private void readByte() throws IOException {
        int read = input.read();
        available = Math.max(0, available - 1);
        isAtEnd = read < 0;
        isWhole = isAtEnd || read == '\n';
        if (!isWhole) {
            line.write(read);
        }
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
