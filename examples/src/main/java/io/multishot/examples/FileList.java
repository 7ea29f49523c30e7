package io.multishot.examples;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Lists the regular files under the given paths, as {@code find -H PATH -type f} does: a link is followed if it is
 * given, and ignored if it is found.
 */
final class FileList {
    private final BiConsumer<FileName, Exception> problems;
    private final List<ListedFile> files = new ArrayList<>();

    private FileList(BiConsumer<FileName, Exception> problems) {
        this.problems = problems;
    }

    /**
     * Returns the files, sorted by name. What cannot be looked at is left out.
     *
     * @param problems is told what was left out, and why
     */
    static List<ListedFile> of(List<String> arguments, BiConsumer<FileName, Exception> problems) {
        FileList list = new FileList(problems);
        arguments.forEach(list::addArgument);
        list.files.sort(Comparator.comparing(ListedFile::name, FileName.BYTEWISE));
        return list.files;
    }

    private void addArgument(String argument) {
        FileName name = FileName.of(argument);
        try {
            if (argument.isEmpty()) {
                throw new NoSuchFileException(argument);
            }
            ListedFile given = new ListedFile(Path.of(argument), name);
            BasicFileAttributes attributes = Files.readAttributes(given.path(), BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                walk(given);
            } else if (argument.endsWith("/")) {
                throw new NotDirectoryException(argument);
            } else if (attributes.isRegularFile()) {
                files.add(given);
            } else {
                throw new FileSystemException(argument, null, "Not a regular file");
            }
        } catch (IOException | InvalidPathException problem) {
            problems.accept(name, problem);
        }
    }

    /** Not recursive, so that the depth of a tree costs neither stack nor open files. */
    private void walk(ListedFile root) {
        Deque<ListedFile> directories = new ArrayDeque<>();
        directories.push(root);
        while (!directories.isEmpty()) {
            ListedFile directory = directories.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory.path())) {
                for (Path child : children) {
                    addFound(new ListedFile(child, directory.name().child(child)), directories);
                }
            } catch (DirectoryIteratorException problem) {
                problems.accept(directory.name(), problem.getCause());
            } catch (IOException problem) {
                problems.accept(directory.name(), problem);
            }
        }
    }

    private void addFound(ListedFile found, Deque<ListedFile> directories) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(found.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                directories.push(found);
            } else if (attributes.isRegularFile()) {
                files.add(found);
            }
        } catch (IOException problem) {
            problems.accept(found.name(), problem);
        }
    }
}
