/**
 * Rounds on one thread: nothing contends, so what is measured is the length of the path. One class for each contender.
 */
@NullMarked
package io.multishot.benchmarks.round;

import org.jspecify.annotations.NullMarked;
