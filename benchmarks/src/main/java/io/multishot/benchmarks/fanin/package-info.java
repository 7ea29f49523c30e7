/** Many replies at once: for one requester with many requests in flight, and for many requesters of one responder. */
@NullMarked
package io.multishot.benchmarks.fanin;

import org.jspecify.annotations.NullMarked;
