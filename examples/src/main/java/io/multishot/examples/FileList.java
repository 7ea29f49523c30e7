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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Lists regular files as {@code find -H PATH -type f} does: follows a symbolic link only if it is given. */
final class FileList {
    private final List<Path> files = new ArrayList<>();
    private final BiConsumer<Path, IOException> problems;

    private FileList(BiConsumer<Path, IOException> problems) {
        this.problems = problems;
    }

    /**
     * Returns the files under all paths, in the order of the bytes of their names.
     *
     * @param problems accepts each path that is left out, and why
     */
    static List<Path> under(List<Path> paths, BiConsumer<Path, IOException> problems) {
        FileList list = new FileList(problems);
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
