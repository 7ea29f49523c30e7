/**
 * A request to another thread and its reply. The way of the request is the same for all, a mailbox; only the way of the
 * reply differs. One class for each contender.
 */
@NullMarked
package io.multishot.benchmarks.ask;

import org.jspecify.annotations.NullMarked;
