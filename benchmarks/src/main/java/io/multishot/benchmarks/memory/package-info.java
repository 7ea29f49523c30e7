/** The size of channels and of waiting threads, and the garbage of steady asking. */
@NullMarked
package io.multishot.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
