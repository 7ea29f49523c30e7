/** Requests that are known by a number, as over a wire: how they find their way back to whoever asked. */
@NullMarked
package io.multishot.benchmarks.table;

import org.jspecify.annotations.NullMarked;
