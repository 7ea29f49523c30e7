package io.multishot.examples;

import java.nio.file.Path;

/**
 * A file of the list.
 *
 * @param path where it is
 * @param name what is printed
 */
record ListedFile(Path path, FileName name) {}
