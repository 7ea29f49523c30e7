/**
 * A question to another thread and its answer. The way of the question is the same for all, a mailbox; only the way of
 * the answer differs. One class for each contender.
 */
@NullMarked
package io.multishot.benchmarks.ask;

import org.jspecify.annotations.NullMarked;
