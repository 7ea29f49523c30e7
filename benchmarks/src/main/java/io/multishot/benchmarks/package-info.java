/** What the benchmarks of all themes share, and the report that runs them. */
@NullMarked
package io.multishot.benchmarks;

import org.jspecify.annotations.NullMarked;
