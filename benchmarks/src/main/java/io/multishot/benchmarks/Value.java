package io.multishot.benchmarks;

/**
 * What is sent: an object, as an answer to a request is.
 *
 * @param number tells one from another
 */
public record Value(long number) {}
