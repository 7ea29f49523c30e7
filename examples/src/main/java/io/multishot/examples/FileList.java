package io.multishot.examples;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Lists regular files as {@code find -H PATH -type f} does: follows a symbolic link only if it is given. */
final class FileList {
    private final List<Path> files = new ArrayList<>();
    private final Set<String> skipped;
    private final BiConsumer<Path, IOException> problems;

    private FileList(Set<String> skipped, BiConsumer<Path, IOException> problems) {
        this.skipped = skipped;
        this.problems = problems;
    }

    /**
     * Returns the files under all paths, in the order of the bytes of their names.
     *
     * @param skipped the names of directories that are not walked, unless they are given as a path
     * @param problems accepts each path that cannot be listed, and why
     */
    static List<Path> under(List<Path> paths, Set<String> skipped, BiConsumer<Path, IOException> problems) {
        FileList list = new FileList(skipped, problems);
        for (Path path : paths) {
            try {
                list.add(path);
            } catch (IOException problem) {
                problems.accept(path, problem);
            }
        }
        Collections.sort(list.files);
        return list.files;
    }

    private void add(Path given) throws IOException {
        if (given.toString().isEmpty()) {
            throw new NoSuchFileException("");
        }
        Path start = given.toRealPath();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean isSkipped = !directory.equals(start)
                        && skipped.contains(directory.getFileName().toString());
                return isSkipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(given.resolve(start.relativize(file)));
                } else if (file.equals(start)) {
                    return visitFileFailed(file, new FileSystemException("", null, "Not a regular file"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) {
                problems.accept(given.resolve(start.relativize(file)), problem);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) {
                return problem == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, problem);
            }
        });
    }
}
