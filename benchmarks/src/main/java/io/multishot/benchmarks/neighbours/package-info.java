/** Channels that share a cache line, and channels that do not. */
@NullMarked
package io.multishot.benchmarks.neighbours;

import org.jspecify.annotations.NullMarked;
