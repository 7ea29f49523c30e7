package io.multishot.examples.simulation;

/**
 * What one replication says of a mean.
 *
 * @param sum the sum of what was seen, or its integral over time
 * @param size how much was looked at: how many customers, or how long
 */
record Ratio(double sum, double size) {}
