package io.multishot.examples.dns;

import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.Waker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.collections.IntArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Asks one DNS server over UDP, with up to 32,768 queries in flight; the package says how, and what it checks.
 *
 * <p>A query is sent once. If its timeout passes, its sender fails with a {@link io.multishot.RequestTimeoutException
 * RequestTimeoutException}, and the requester may ask again, which takes another id. All other failures are
 * {@link IOException}s that say what happened. Requesters are notified on the client's thread, so their wakers must not
 * block. A waker of {@link #onRoom} must not even wait for a lock that some thread holds while it calls {@link #ask}.
 */
public final class DnsClient implements AutoCloseable {
    /** The largest capacity of a client: half the ids, so that a random one is free often enough. */
    public static final int MAX_CAPACITY = 1 << 15;

    private static final int ID_BITS = 16;

    /** A power of two, so that the low bits of a random byte choose each as often. */
    private static final int SOCKETS = 8;

    /** How many ids are tried before the table counts as full. */
    private static final int TRIES = 100;

    private static final int RANDOM_BYTES = 1024;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** How many datagrams are read from a socket before others and the clock get their turn. */
    private static final int READS_A_TURN = 64;

    /** How many timeouts after its query was sent no reply is expected any more. */
    private static final int ORPHAN_TIMEOUTS = 5;

    private static final int NONE = -1;

    private final InetSocketAddress server;
    private final long timeoutNanos;
    private final ReplyTable<Answer> table;
    private final Selector selector = Selector.open();
    private final DatagramChannel[] sockets = new DatagramChannel[SOCKETS];

    /** For each id the socket of its queries, at random and kept secret: the low bits of a byte. */
    private final byte[] socketOfId = new byte[1 << ID_BITS];

    private final LongAdder sent = new LongAdder();
    private final LongAdder ignored = new LongAdder();
    private final Thread thread = new Thread(this::run, "dns-client");
    private volatile boolean isClosed;

    /** Guards what requesters use: the ids, from their choice until they are queued, in the order of the requests. */
    private final Object lock = new Object();

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer randomBytes = ByteBuffer.allocate(RANDOM_BYTES).limit(0);
    private final IntArrayQueue idsToSend = new IntArrayQueue(NONE);

    // These belong to the client's thread.
    private final ByteBuffer query = ByteBuffer.allocateDirect(512);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(1 << 16);
    private int idToSend = NONE;
    private long released = System.nanoTime();

    private DnsClient(InetSocketAddress server, Duration timeout, int capacity) throws IOException {
        this.server = server;
        timeoutNanos = timeout.toNanos();
        table = ReplyTable.ofChosenIds(ID_BITS, capacity);
        random.nextBytes(socketOfId);
    }

    /**
     * Starts a client.
     *
     * @param server the address and port of the server
     * @param timeout how long a query waits for its reply
     * @param capacity the largest number of queries in flight, those included whose late replies may still come;
     *     rounded up to a power of two, at least four
     * @return the client
     * @throws IOException if the system provides no sockets
     * @throws IllegalArgumentException if the timeout is not positive, or the capacity is not between 1 and
     *     {@link #MAX_CAPACITY}
     */
    public static DnsClient connect(InetSocketAddress server, Duration timeout, int capacity) throws IOException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout must be positive, was " + timeout);
        }
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be between 1 and " + MAX_CAPACITY + ", was " + capacity);
        }
        DnsClient client = new DnsClient(server, timeout, capacity);
        try {
            client.openSockets();
        } catch (IOException failure) {
            client.closeSockets();
            throw failure;
        }
        client.thread.setDaemon(true);
        client.thread.start();
        return client;
    }

    private void openSockets() throws IOException {
        for (int i = 0; i < SOCKETS; i++) {
            DatagramChannel socket = DatagramChannel.open();
            sockets[i] = socket;
            socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            socket.configureBlocking(false);
            socket.bind(null); // the system chooses the port
            socket.connect(server); // from now on the system discards what comes from elsewhere
            socket.register(selector, SelectionKey.OP_READ);
        }
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
        boolean isFirst;
        synchronized (lock) {
            // tag::wire-random[]
            int id = randomId();
            for (int tries = 1; !table.openAs(id, sender, question, deadline); tries++) {
                if (tries == TRIES) {
                    return false;
                }
                id = randomId();
            }
            // end::wire-random[]
            isFirst = idsToSend.isEmpty();
            idsToSend.addInt(id);
        }
        if (isFirst) {
            selector.wakeup();
        }
        return true;
    }

    private int randomId() {
        int id;
        do {
            if (!randomBytes.hasRemaining()) {
                random.nextBytes(randomBytes.array());
                randomBytes.clear();
            }
            id = randomBytes.getChar();
        } while (id == ReplyTable.NO_TICKET);
        return id;
    }

    /**
     * Registers who is to be told, once, when a query may have room again.
     *
     * @param waker called on the thread that makes room, or at once
     */
    public void onRoom(Waker waker) {
        table.onRoom(waker);
    }

    /**
     * Counts the queries in flight.
     *
     * @return those that wait for their reply
     */
    public int inFlight() {
        return table.inFlight();
    }

    /**
     * Counts the queries that were given up and whose reply may still come.
     *
     * @return the number of ids that are taken by them
     */
    public int orphans() {
        return table.orphans();
    }

    /**
     * Counts the queries that were sent.
     *
     * @return the count since the start
     */
    public long sent() {
        return sent.sum();
    }

    /**
     * Counts the replies with an id that no query waits for: late ones, duplicates and unknown ones.
     *
     * @return the count since the start
     */
    public long refused() {
        return table.refused();
    }

    /**
     * Counts the datagrams that are no reply to the query with their id: with another question, or at another socket.
     *
     * @return the count since the start
     */
    public long ignored() {
        return ignored.sum();
    }

    // ------------------------------------------------------------------ the client's thread

    private void run() {
        try {
            while (!isClosed) {
                selector.select(this::serve, millisToWait());
                sendAll();
                long now = System.nanoTime();
                table.expire(now);
                releaseOrphans(now);
            }
            table.close(new IOException("the DNS client was closed"));
        } catch (IOException | RuntimeException | Error fault) {
            table.close(fault); // so that nobody waits for a thread that has ended
        } finally {
            closeSockets();
        }
    }

    /** Waits for a timeout at most, because then it is time to release orphans. */
    private long millisToWait() {
        long nanos = Math.min(table.nanosUntilExpiry(System.nanoTime()), timeoutNanos);
        return TimeUnit.NANOSECONDS.toMillis(nanos) + 1; // never 0, which would mean forever
    }

    // tag::wire-release[]
    private void releaseOrphans(long now) {
        if (now - released >= timeoutNanos) { // seldom, because it visits each slot of the table
            table.releaseOrphans(now - ORPHAN_TIMEOUTS * timeoutNanos);
            released = now;
        }
    }
    // end::wire-release[]

    private void sendAll() {
        if (idToSend == NONE) {
            idToSend = nextIdToSend();
        }
        while (idToSend != NONE && send(idToSend)) {
            idToSend = nextIdToSend();
        }
    }

    private int nextIdToSend() {
        synchronized (lock) {
            return idsToSend.pollInt();
        }
    }

    /** Sends a query. Returns false if its socket takes no more at present. */
    private boolean send(int id) {
        Question question = (Question) table.context(id);
        if (question == null) {
            return true; // given up before it was sent
        }
        DatagramChannel socket = socketOf(id);
        question.putQuery(id, query.clear());
        try {
            boolean isSent = socket.write(query.flip()) > 0;
            if (isSent) {
                sent.increment();
            } else {
                socket.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            return isSent;
        } catch (IOException failure) {
            failAll(failure);
            return true;
        }
    }

    private DatagramChannel socketOf(int id) {
        return sockets[socketOfId[id] & (SOCKETS - 1)];
    }

    private void serve(SelectionKey key) {
        key.interestOps(SelectionKey.OP_READ); // if it was waiting to be writable, it is, or sendAll finds out
        DatagramChannel socket = (DatagramChannel) key.channel();
        try {
            for (int reads = 0; reads < READS_A_TURN && socket.read(reply.clear()) > 0; reads++) {
                accept(reply.flip(), socket);
            }
        } catch (IOException failure) {
            failAll(failure);
        }
    }

    /** Hands a reply over, if it is to the query with its id. */
    private void accept(ByteBuffer reply, DatagramChannel socket) {
        boolean isReply = reply.limit() >= Question.HEADER_BYTES && reply.get(2) < 0;
        int id = isReply ? reply.getChar(0) : NONE;
        if (id <= 0 || socketOf(id) != socket) {
            ignored.increment();
            return;
        }
        Question question = question(id);
        if (question == null) {
            return;
        }
        if (!question.isRepeatedIn(reply)) {
            ignored.increment();
            return;
        }
        // Only this thread ends requests, so the request is still the one whose question was compared.
        try {
            table.send(id, Answer.read(reply, question.end()));
        } catch (IOException noAnswer) {
            table.fail(id, noAnswer);
        }
    }

    /**
     * Returns the question of the query in flight with an id. If there is none, lets the table refuse the reply, which
     * sets the id of a query free that was given up.
     */
    private @Nullable Question question(int id) {
        Object question = table.context(id);
        if (question == null) {
            synchronized (lock) { // so that no query gets this id between the two calls
                question = table.context(id);
                if (question == null) {
                    table.send(id, Answer.NONE);
                }
            }
        }
        return (Question) question;
    }

    private void failAll(IOException failure) {
        String why = failure instanceof PortUnreachableException ? "nothing listens there" : failure.getMessage();
        table.failAll(new IOException("no answer from " + server + ": " + why, failure));
    }

    /** Closes the client. Queries in flight fail, and it is an error to ask from then on. */
    @Override
    public void close() {
        isClosed = true;
        selector.wakeup();
    }

    private void closeSockets() {
        try {
            for (DatagramChannel socket : sockets) {
                if (socket != null) {
                    socket.close();
                }
            }
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
