package io.multishot.benchmarks.clients;

import io.multishot.examples.dns.Answer;
import io.multishot.examples.dns.Question;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.IntArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The DNS client among the examples, as it would be without this library: the same random ids and sockets, the same
 * checks, but nothing that holds an id back after its timeout.
 */
final class DnsOnFutures implements AutoCloseable {
    private static final int SOCKETS = 8;
    private static final int RANDOM_BYTES = 1024;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int READS_A_TURN = 64;
    private static final int NONE = -1;

    private final Map<Integer, Query> queries = new ConcurrentHashMap<>();
    private final Selector selector = Selector.open();
    private final DatagramChannel[] sockets = new DatagramChannel[SOCKETS];
    private final byte[] socketOfId = new byte[1 << 16];
    private final long timeout;
    private final Thread thread = new Thread(this::run, "dns-on-futures");
    private volatile boolean isClosed;

    // guarded by the lock of this client
    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer randomBytes = ByteBuffer.allocate(RANDOM_BYTES).limit(0);
    private final IntArrayQueue idsToSend = new IntArrayQueue(NONE);

    // for the client's thread only
    private final ByteBuffer query = ByteBuffer.allocateDirect(512);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(1 << 16);
    private int idToSend = NONE;

    DnsOnFutures(InetSocketAddress server, Duration timeout) throws IOException {
        this.timeout = timeout.toNanos();
        random.nextBytes(socketOfId);
        for (int i = 0; i < SOCKETS; i++) {
            DatagramChannel socket = DatagramChannel.open();
            sockets[i] = socket;
            socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            socket.configureBlocking(false);
            socket.bind(null);
            socket.connect(server);
            socket.register(selector, SelectionKey.OP_READ);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private final class Query extends CompletableFuture<Answer> {
        private final Question question;
        private int id;

        Query(Question question) {
            this.question = question;
        }

        /** Called if the time is up, too. */
        @Override
        public boolean completeExceptionally(Throwable failure) {
            queries.remove(id, this);
            return super.completeExceptionally(failure);
        }
    }

    CompletableFuture<Answer> ask(Question question) {
        Query asked = new Query(question);
        boolean isFirst;
        synchronized (this) {
            do {
                asked.id = randomId();
            } while (queries.putIfAbsent(asked.id, asked) != null);
            isFirst = idsToSend.isEmpty();
            idsToSend.addInt(asked.id);
        }
        if (isFirst) {
            selector.wakeup();
        }
        return asked.orTimeout(timeout, TimeUnit.NANOSECONDS);
    }

    private int randomId() {
        if (!randomBytes.hasRemaining()) {
            random.nextBytes(randomBytes.array());
            randomBytes.clear();
        }
        return randomBytes.getChar();
    }

    // ------------------------------------------------------------------ the client's thread

    private void run() {
        try (selector) {
            while (!isClosed) {
                selector.select(this::serve);
                sendAll();
            }
            failAll(new IOException("the DNS client was closed"));
        } catch (IOException | RuntimeException | Error fault) {
            failAll(fault);
        }
    }

    private void sendAll() throws IOException {
        if (idToSend == NONE) {
            idToSend = nextIdToSend();
        }
        while (idToSend != NONE && send(idToSend)) {
            idToSend = nextIdToSend();
        }
    }

    private synchronized int nextIdToSend() {
        return idsToSend.pollInt();
    }

    private boolean send(int id) throws IOException {
        Query toSend = queries.get(id);
        if (toSend == null) {
            return true;
        }
        DatagramChannel socket = socketOf(id);
        toSend.question.putQuery(id, query.clear());
        boolean isSent = socket.write(query.flip()) > 0;
        if (!isSent) {
            socket.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        return isSent;
    }

    private DatagramChannel socketOf(int id) {
        return sockets[socketOfId[id] & (SOCKETS - 1)];
    }

    private void serve(SelectionKey key) {
        key.interestOps(SelectionKey.OP_READ);
        DatagramChannel socket = (DatagramChannel) key.channel();
        try {
            for (int reads = 0; reads < READS_A_TURN && socket.read(reply.clear()) > 0; reads++) {
                accept(reply.flip(), socket);
            }
        } catch (IOException failure) {
            failAll(failure);
        }
    }

    private void accept(ByteBuffer message, DatagramChannel socket) {
        boolean isReply = message.limit() >= Question.HEADER_BYTES && message.get(2) < 0;
        int id = isReply ? message.getChar(0) : NONE;
        if (id < 0 || socketOf(id) != socket) {
            return;
        }
        @Nullable Query answered = queries.get(id);
        if (answered == null || !answered.question.isRepeatedIn(message)) {
            return;
        }
        queries.remove(id, answered);
        try {
            answered.complete(Answer.read(message, answered.question.end()));
        } catch (IOException noAnswer) {
            answered.completeExceptionally(noAnswer);
        }
    }

    private void failAll(Throwable failure) {
        queries.values().forEach(waiting -> waiting.completeExceptionally(failure));
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        selector.wakeup();
        for (DatagramChannel socket : sockets) {
            socket.close();
        }
    }
}
