/**
 * A client of Redis that sends one command after the other down one connection, without waiting for replies, and a
 * program that prints what {@code redis-cli} prints.
 *
 * <p>The protocol, RESP2, has no numbers: the replies come in the order of the commands. So a {@code ReplyQueue} holds
 * the senders. A command that is given up keeps its place in the queue until its reply has come, because the replies
 * behind it would otherwise each reach the wrong requester. A server that answers none of many commands in time is
 * therefore left: the connection is closed, which fails everything in flight.
 *
 * <p><b>Why plain NIO:</b> see {@link io.multishot.examples.wire}.
 */
@NullMarked
package io.multishot.examples.redis;

import org.jspecify.annotations.NullMarked;
