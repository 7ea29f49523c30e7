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
import org.jspecify.annotations.Nullable;

/**
 * The DNS client among the examples, as it would be without this library: the same random ids and sockets, the same
 * checks, but nothing that holds an id back after its timeout.
 */
final class DnsOnFutures implements AutoCloseable {
    private static final int SOCKETS = 8;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int READS_A_TURN = 64;

    private final Map<Integer, Query> queries = new ConcurrentHashMap<>();
    private final Selector selector = Selector.open();
    private final DatagramChannel[] sockets = new DatagramChannel[SOCKETS];
    private final byte[] socketOfId = new byte[1 << 16];
    private final long timeout;
    private final Thread thread = new Thread(this::run, "dns-on-futures");
    private volatile boolean isClosed;

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer query = ByteBuffer.allocateDirect(512);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(1 << 16);

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
        synchronized (query) {
            do {
                asked.id = random.nextInt(1, 1 << 16);
            } while (queries.putIfAbsent(asked.id, asked) != null);
            question.putQuery(asked.id, query.clear());
            try {
                socketOf(asked.id).write(query.flip());
            } catch (IOException failure) {
                asked.completeExceptionally(failure);
            }
        }
        return asked.orTimeout(timeout, TimeUnit.NANOSECONDS);
    }

    private DatagramChannel socketOf(int id) {
        return sockets[socketOfId[id] & (SOCKETS - 1)];
    }

    // ------------------------------------------------------------------ the client's thread

    private void run() {
        try (selector) {
            while (!isClosed) {
                selector.select(this::read);
            }
            failAll(new IOException("the DNS client was closed"));
        } catch (IOException | RuntimeException | Error fault) {
            failAll(fault);
        }
    }

    private void read(SelectionKey key) {
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
        if (message.limit() < Question.HEADER_BYTES || message.get(2) >= 0) {
            return;
        }
        int id = message.getChar(0);
        if (socketOf(id) != socket) {
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
