/** What the benchmarks of all chapters share. */
@NullMarked
package io.multishot.benchmarks;

import org.jspecify.annotations.NullMarked;
