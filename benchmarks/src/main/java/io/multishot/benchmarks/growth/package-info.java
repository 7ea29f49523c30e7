/** Rounds over more and more channels, used in random order: what the caches have to say. */
@NullMarked
package io.multishot.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
