/**
 * A DNS client with thousands of queries in flight over UDP, and a program that resolves names with it.
 *
 * <p><b>Ids.</b> A DNS message has 16 bits to tell which query a reply belongs to. {@code DnsClient} chooses them at
 * random and opens each request in an {@link io.multishot.ReplyTable#ofChosenIds ReplyTable} under its id. The table
 * does not give out the id of a query that timed out again until its late reply came, or until none is to be expected
 * any more. So a late reply finds no other query.
 *
 * <p><b>Forged replies.</b> Ids alone are no secret: 65,535 guesses try them all. A reply is accepted only if it
 *
 * <ul>
 *   <li>comes from the server's address and port, which the system checks, because the sockets are connected;
 *   <li>reaches the socket that its query left from, which is one of eight. The system chooses the port of each. Linux
 *       does so at random, from {@code net.ipv4.ip_local_port_range}: 28,232 ports by default. Some other systems count
 *       upwards; there, only the ids and the choice of the socket are random;
 *   <li>repeats the question of the query with its id: name, type and class.
 * </ul>
 *
 * <p>Whoever reads the queries on their way can still forge replies; only DNSSEC or an encrypted transport prevents
 * that.
 *
 * <p><b>One thread.</b> A client has one thread, which sends, receives and watches the time with one
 * {@link java.nio.channels.Selector}. A reply costs it about as much as the system call that reads it, so more threads
 * would do little but compete for the sockets. Plain NIO shows each step, from the datagram to the table, and adds no
 * dependency.
 *
 * <p><b>What can go wrong.</b> A query without a reply times out, and the program repeats it under another id. If the
 * system reports that nothing listens at the server's port, every query in flight fails at once, with that reason. UDP
 * has no connection that could be lost, so the client remains usable, and the server may come back. For the same reason
 * there is no connection to close if too many late replies are owed: their ids are released after four more timeouts,
 * and until then a full table holds new queries back. A reply that does not fit into 1232 bytes comes truncated and
 * fails its query; there is no TCP here.
 */
@NullMarked
package io.multishot.examples.dns;

import org.jspecify.annotations.NullMarked;
