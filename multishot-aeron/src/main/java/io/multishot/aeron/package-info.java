/**
 * Request and reply between processes, on one machine or on two, over Aeron. A {@link io.multishot.aeron.Requester}
 * sends requests, each from a {@link io.multishot.aeron.Call}, whose {@link io.multishot.Receiver} gets the reply. A
 * {@link io.multishot.aeron.Responder} passes each request to its handler, with a
 * {@link io.multishot.aeron.RemoteSender} for the reply.
 *
 * <p>A request is delivered at most once, and a reply is accepted at most once. Each request ends with a value, a
 * failure or a drop; if the responder is lost, with a {@link io.multishot.aeron.PeerLostException}.
 *
 * @since 0.1.0
 */
@NullMarked
package io.multishot.aeron;

import org.jspecify.annotations.NullMarked;
