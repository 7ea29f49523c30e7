/** Many answers at once: for one asker with many questions in flight, and for many askers of one responder. */
@NullMarked
package io.multishot.benchmarks.fanin;

import org.jspecify.annotations.NullMarked;
