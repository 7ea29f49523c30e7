package io.multishot.examples;

/**
 * What a worker answers.
 *
 * @param hex the SHA-256 of the file, as 64 hexadecimal digits
 * @param bytes the length of the file, as it was read
 */
record Digest(String hex, long bytes) {}
