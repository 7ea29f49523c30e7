package io.multishot.aeron;

import io.aeron.CommonContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A directory for an embedded driver, which the next embedded driver of the same user deletes if this process is
 * killed.
 *
 * <p>Its name says which process made it: {@code multishot-aeron-PID-START-RANDOM}. Within it, the file {@code owner}
 * is locked for as long as this process lives, even while it is stopped, and whichever namespace it is in; the
 * operating system releases the lock of a process that dies, however it dies. So a directory that has this name,
 * belongs to the same user, and whose {@code owner} can be locked was left behind.
 */
final class DriverDirectory implements AutoCloseable {
    private static final String PREFIX = "multishot-aeron-";
    private static final String OWNER = "owner";
    private static final ProcessHandle SELF = ProcessHandle.current();
    private static final String OWN_PREFIX = PREFIX + SELF.pid() + "-"
            + SELF.info().startInstant().map(Instant::toEpochMilli).orElse(0L) + "-";

    private final Path directory;

    /** Holds the lock until it is closed. */
    private final FileChannel owner;

    private DriverDirectory(Path directory) throws IOException {
        this.directory = directory;
        Path unlocked = directory.resolve("unlocked");
        owner = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            FileLock unusedUntilClosed = owner.lock();
            String text = "the media driver of process " + SELF.pid() + ", started at "
                    + SELF.info().startInstant().orElse(Instant.EPOCH) + "\n";
            int unused = owner.write(StandardCharsets.UTF_8.encode(text));
            Files.move(unlocked, directory.resolve(OWNER)); // so that no other process can lock it first
        } catch (Throwable failed) {
            owner.close();
            throw failed;
        }
    }

    /** Returns where Aeron keeps its directories: in shared memory if there is some. */
    static Path parent() {
        return Path.of(CommonContext.AERON_DIR_PROP_DEFAULT).toAbsolutePath().resolveSibling("");
    }

    /**
     * Makes a directory, to which only this user has access, and deletes those that processes left that were killed.
     */
    static DriverDirectory create(Path parent) {
        try {
            DriverDirectory created = new DriverDirectory(Files.createTempDirectory(parent, OWN_PREFIX));
            created.sweep(parent);
            return created;
        } catch (IOException failed) {
            throw new UncheckedIOException("no directory for a media driver can be made in " + parent, failed);
        }
    }

    /** Returns the directory for the driver, which the driver itself makes and deletes. */
    Path path() {
        return directory.resolve("driver");
    }

    private void sweep(Path parent) {
        try (DirectoryStream<Path> each = Files.newDirectoryStream(parent, PREFIX + "*")) {
            Object user = Files.getOwner(directory);
            for (Path candidate : each) {
                if (!candidate.getFileName().toString().startsWith(OWN_PREFIX)
                        && Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                    deleteIfLeftBehind(candidate);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            Log.warn("looking in " + parent + " for what killed processes left: " + unreadable);
        }
    }

    private static void deleteIfLeftBehind(Path candidate) throws IOException {
        try (FileChannel owner = FileChannel.open(
                        candidate.resolve(OWNER), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock left = tryLock(owner)) {
            if (left != null) {
                deleteTree(candidate);
                Log.warn("deleted " + candidate + ": the process whose media driver it belonged to was killed");
            }
        } catch (NoSuchFileException deletedMeanwhileOrNotOurs) {
            // leave it
        }
    }

    private static @Nullable FileLock tryLock(FileChannel owner) throws IOException {
        try {
            return owner.tryLock();
        } catch (OverlappingFileLockException sweptByAnotherThread) {
            return null;
        }
    }

    /** Deletes a directory and what is in it. Follows no links. The owner's file goes last. */
    private static void deleteTree(Path root) throws IOException {
        Path owner = root.resolve(OWNER);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(owner)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException unread) throws IOException {
                if (directory.equals(root)) {
                    Files.deleteIfExists(owner);
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes the directory. Idempotent. */
    @Override
    public void close() {
        try {
            if (Files.exists(directory)) {
                deleteTree(directory);
            }
            owner.close();
        } catch (IOException failed) {
            Log.warn("deleting " + directory + ": " + failed);
        }
    }
}
