/**
 * What the clients of network servers here have in common: a {@link io.multishot.examples.wire.Connection Connection}
 * over TCP, {@link io.multishot.examples.wire.Datagrams Datagrams} over UDP, and the frame of their programs.
 *
 * <p><b>Why plain NIO.</b> A client whose requests all go out on one connection needs one thread to read what comes
 * back. With a selector, that thread also writes, and knows when the next deadline is: there is no timer thread and no
 * thread for each request, and nothing between the reader's code and the socket hides what a request costs.
 *
 * <p><b>The threads over TCP.</b> Any thread makes a request: it registers the request's sender, by order or by number,
 * and puts the bytes into the connection's output buffer, both under the lock of the connection, so that the order on
 * the wire is the order of registration. The connection's own thread does all the rest: it connects, writes, reads,
 * delivers replies, and gives up requests that are late.
 *
 * <p><b>The programs.</b> One thread reads a line, begins its requests, and goes on with the next line, until the
 * window of requests is full or no line is there: then it waits for the oldest request. So it prints in order, keeps
 * many requests in flight, and locks nothing.
 */
@NullMarked
package io.multishot.examples.wire;

import org.jspecify.annotations.NullMarked;
