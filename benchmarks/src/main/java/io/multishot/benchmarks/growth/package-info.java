/** Rounds over more and more channels, used in random order: the effect of the caches. */
@NullMarked
package io.multishot.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
