package io.multishot.examples;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Says in words why a file could not be read: as the system does, where Java has a class instead of the words. */
public final class Reason {
    private Reason() {}

    /**
     * Says why.
     *
     * @param problem what was thrown
     * @return the reason
     */
    public static String of(@Nullable Throwable problem) {
        if (problem instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (problem instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (problem instanceof NotDirectoryException) {
            return "Not a directory";
        }
        if (problem instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        if (problem instanceof InvalidPathException invalid) {
            return invalid.getReason();
        }
        if (problem instanceof IOException && problem.getMessage() != null) {
            return problem.getMessage();
        }
        return String.valueOf(problem);
    }
}
