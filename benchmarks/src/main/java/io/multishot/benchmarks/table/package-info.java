/** Requests that go by a number (a correlation id), as over a wire: how replies find their receivers. */
@NullMarked
package io.multishot.benchmarks.table;

import org.jspecify.annotations.NullMarked;
