/** What channels and those who wait cost in memory. Each probe runs in a JVM of its own and prints what it found. */
@NullMarked
package io.multishot.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
