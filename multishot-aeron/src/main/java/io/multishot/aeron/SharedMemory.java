package io.multishot.aeron;

import io.aeron.ErrorCode;
import io.aeron.exceptions.RegistrationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what is missing when the memory for Aeron's buffers is full, and what to do. */
final class SharedMemory {
    private static final String REMEDY = "enlarge it (of a container, with --shm-size=256m),"
            + " set a smaller term-length in the channel, or keep it elsewhere with Engine.embedded(directory)";

    private SharedMemory() {}

    /**
     * Checks that there is room for the files of a driver.
     *
     * @param directory the driver's directory, which need not exist yet
     * @throws IllegalStateException if there is not
     */
    static void checkRoom(Path directory, long neededBytes) {
        Path existing = directory.toAbsolutePath();
        while (Files.notExists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            FileStore store = Files.getFileStore(existing);
            if (store.getUsableSpace() < neededBytes) {
                throw new IllegalStateException("the memory for Aeron's buffers is full: " + existing + ", on " + store
                        + ", has room for " + mebibytes(store.getUsableSpace()) + " MiB, and " + mebibytes(neededBytes)
                        + " MiB are needed for a driver with one requester and one responder: " + REMEDY);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the room left in " + existing + " cannot be determined", unreadable);
        }
    }

    /** Returns what to throw for a refusal by a driver: if it is for lack of memory, with a remedy. */
    static RegistrationException explain(RegistrationException refused, String channel) {
        if (refused.errorCode() != ErrorCode.STORAGE_SPACE) {
            return refused;
        }
        RegistrationException explained = new RegistrationException(
                refused.correlationId(),
                refused.errorCodeValue(),
                refused.errorCode(),
                "the memory for Aeron's buffers is full, so there is no log for " + channel
                        + ", which takes three times its term-length: " + REMEDY + " (" + refused.getMessage() + ")");
        explained.initCause(refused);
        return explained;
    }

    /** Rounds up what is needed as what is there. */
    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
