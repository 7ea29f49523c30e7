package io.multishot.benchmarks;

/**
 * The value that is sent: an object, as a reply to a request is.
 *
 * @param number distinguishes values
 */
public record Value(long number) {}
