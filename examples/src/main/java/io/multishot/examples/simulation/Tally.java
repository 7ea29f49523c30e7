package io.multishot.examples.simulation;

import java.util.Map;

/**
 * What one replication has seen.
 *
 * @param measures a ratio for each measure
 * @param use how its channels were used
 * @param trace how long the line was at first, if that was asked for
 */
record Tally(Map<Measure, Ratio> measures, Use use, Trace trace) {}
