/** Requests that must be answered by a deadline, which almost all of them are: what the deadline costs. */
@NullMarked
package io.multishot.benchmarks.deadlines;

import org.jspecify.annotations.NullMarked;
