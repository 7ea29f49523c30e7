/**
 * A client of memcached that has many requests in flight on one connection, and a program that checks what the server
 * keeps.
 *
 * <p>In the binary protocol, each request has an <em>opaque</em> of 32 bits that its reply repeats. It is the ticket of
 * a {@code ReplyTable.ofBits(32, capacity)}. Such tickets come round again, so the number of a request that was given
 * up is not used again until its late reply has come, or the connection is lost. If too many replies stay away, the
 * connection is closed.
 *
 * <p>The table also keeps the key of each request, as its context. A reply to a get repeats the key, and so can be
 * compared with what was asked for.
 *
 * <p><b>Why plain NIO:</b> see {@link io.multishot.examples.wire}.
 */
@NullMarked
package io.multishot.examples.memcached;

import org.jspecify.annotations.NullMarked;
