/**
 * A DNS client with thousands of queries in flight over UDP, and a program that resolves names with it.
 *
 * <p><b>Ids.</b> A DNS message has 16 bits to tell which query a reply belongs to. {@code DnsClient} chooses them at
 * random and opens each request in an {@link io.multishot.ReplyTable#ofChosenIds ReplyTable} under its id. The table
 * gives out the id of a query that timed out only after its late reply came, or when none is to be expected any more.
 *
 * <p><b>Forged replies.</b> 65,535 guesses try all ids. So a reply must also come from the server's address and port,
 * which the system checks, because the sockets are connected. It must reach the socket that its query left from, which
 * is one of eight; the system chooses their ports, Linux at random. And it must repeat the question: name, type and
 * class. An attacker that reads the queries on their way can still forge replies; only DNSSEC or encryption prevents
 * that.
 *
 * <p><b>Threads.</b> Each query is sent by the thread that asks. One thread receives, because a reply costs it hardly
 * more than the system call that reads it, and watches the time.
 *
 * <p><b>Why plain NIO:</b> see {@link io.multishot.examples.wire}.
 *
 * <p><b>What can go wrong.</b> A query without a reply times out, and the program repeats it under another id. If
 * nothing listens at the server's port, every query in flight fails at once, with that reason. UDP has no connection to
 * lose or to close: the server may come back, and the ids of late replies are released after some timeouts. Until then
 * a full table holds new queries back. A reply longer than 1232 bytes comes truncated and fails its query; there is no
 * TCP here.
 */
@NullMarked
package io.multishot.examples.dns;

import org.jspecify.annotations.NullMarked;
