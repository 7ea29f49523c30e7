/**
 * Codecs over Simple Binary Encoding, which allocate nothing. The flyweights are generated from
 * {@code src/main/sbe/prices.xml} when this is built. A flyweight belongs to one thread at a time, which decides where
 * each has its place:
 *
 * <ul>
 *   <li>A message is encoded by the thread that asks or replies, so a message has the flyweight that encodes it.
 *   <li>A message is decoded by the engine's thread, so a codec has the flyweight that decodes, and each requester and
 *       responder has a codec of its own.
 *   <li>A request is read where it was decoded, in the handler, so one object does for all.
 *   <li>A reply goes to another thread, and the buffer that it came in does not. So it is copied into an object from a
 *       pool, to which its reader gives it back.
 * </ul>
 */
@NullMarked
package io.multishot.examples.sbe;

import org.jspecify.annotations.NullMarked;
