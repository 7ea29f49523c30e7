/**
 * A request to another thread by way of Aeron, as to another process, and its reply. The answering side has a thread of
 * its own; the messages go through shared memory, or through the loopback interface. One class for each contender.
 */
@NullMarked
package io.multishot.benchmarks.remote;

import org.jspecify.annotations.NullMarked;
