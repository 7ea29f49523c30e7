package io.multishot.examples.dns;

import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.wire.Datagrams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * Asks one DNS server over UDP, with up to 32,768 queries in flight; the package says how, and what it checks.
 *
 * <p>A query is sent once. If its timeout passes, its sender fails with a {@link io.multishot.RequestTimeoutException
 * RequestTimeoutException}, and the requester may ask again, which takes another id. All other failures are
 * {@link IOException}s that say what happened. Requesters are notified on the client's thread, so their wakers must not
 * block. A waker of {@link #onRoom} must not even wait for a lock that some thread holds while it calls {@link #ask}.
 */
public final class DnsClient implements AutoCloseable {
    /** The largest capacity that is of use: half the ids, so that a random one is free often enough. */
    public static final int MAX_CAPACITY = 1 << 15;

    private static final int ID_BITS = 16;
    private static final int SOCKETS = 8; // a power of two: the low bits of a random byte choose each as often
    private static final int TRIES = 100; // ids, before the table counts as full
    private static final int ORPHAN_TIMEOUTS = 5; // after the query was sent: then no reply is expected any more

    final ReplyTable<Answer> table;
    private final long timeoutNanos;
    private final Datagrams datagrams;
    private final SecureRandom random = new SecureRandom();

    /** For each id the socket of its queries, at random and kept secret: the low bits of a byte. */
    private final byte[] socketOfId = new byte[1 << ID_BITS];

    private final ByteBuffer query = ByteBuffer.allocateDirect(512);

    /**
     * Starts a client.
     *
     * @param server the address and port of the server
     * @param timeout how long a query waits for its reply
     * @param capacity the largest number of queries in flight, those included whose late replies may still come;
     *     rounded up to a power of two, at least four
     * @throws IOException if the system provides no sockets
     */
    public DnsClient(InetSocketAddress server, Duration timeout, int capacity) throws IOException {
        timeoutNanos = timeout.toNanos();
        table = ReplyTable.ofChosenIds(ID_BITS, capacity);
        random.nextBytes(socketOfId);
        datagrams = new Datagrams("dns-client", server, SOCKETS, new Dns());
        datagrams.start();
    }

    /**
     * Asks the server, and returns at once. Any thread, wakers included.
     *
     * @param question what to ask
     * @param sender gets the answer, or why there is none
     * @return true if the query is in flight; false if too many are, and the sender stays the caller's: wait with
     *     {@link #onRoom}
     * @throws IllegalStateException if the client is closed, or the sender cannot be used
     */
    public boolean ask(Question question, Sender<Answer> sender) {
        long deadline = System.nanoTime() + timeoutNanos;
        int id;
        synchronized (table) {
            // tag::wire-random[]
            int tries = 0;
            do {
                if (tries++ == TRIES) {
                    return false;
                }
                id = random.nextInt(1, 1 << ID_BITS);
            } while (!table.openAs(id, sender, question, deadline));
            // end::wire-random[]
        }
        synchronized (query) {
            question.putQuery(id, query.clear());
            datagrams.send(query.flip(), socketOf(id));
        }
        return true;
    }

    private int socketOf(int id) {
        return socketOfId[id] & (SOCKETS - 1);
    }

    /**
     * Registers who is to be told, once, when a query may have room again.
     *
     * @param waker called on the thread that makes room, or at once
     */
    public void onRoom(Waker waker) {
        table.onRoom(waker);
    }

    /** Closes the client. Queries in flight fail, and it is an error to ask from then on. */
    @Override
    public void close() {
        table.close(new IOException("the DNS client was closed"));
        datagrams.close();
    }

    private final class Dns implements Datagrams.Protocol {
        private long released = System.nanoTime();

        /** Hands a reply over, if it is to the query with its id, and came to the same socket. */
        @Override
        public void onInput(ByteBuffer reply, int socket) {
            if (reply.limit() < Question.HEADER_BYTES || reply.get(2) >= 0 || socketOf(reply.getChar(0)) != socket) {
                return;
            }
            Question question;
            Sender<Answer> sender;
            synchronized (table) { // so that no other query gets this id between the look and the claim
                question = (Question) table.context(reply.getChar(0));
                if (question != null && !question.isRepeatedIn(reply)) {
                    return;
                }
                sender = table.claim(reply.getChar(0)); // null if the reply is late: its id is free now
            }
            if (sender != null && question != null) {
                try {
                    sender.send(Answer.read(reply, question.end()));
                } catch (IOException noAnswer) {
                    sender.fail(noAnswer);
                }
            }
        }

        @Override
        public long onTick(long now) {
            table.expire(now);
            // tag::wire-release[]
            if (now - released >= timeoutNanos) { // seldom, because it visits each slot of the table
                table.releaseOrphans(now - ORPHAN_TIMEOUTS * timeoutNanos);
                released = now;
            }
            // end::wire-release[]
            // A query that is sent meanwhile is late after one timeout: this thread is awake by then.
            return Math.min(table.nanosUntilExpiry(now), timeoutNanos);
        }

        @Override
        public void onFailure(IOException cause) {
            table.failAll(cause);
        }

        @Override
        public void onClosed(Throwable cause) {
            table.close(cause);
        }
    }
}
