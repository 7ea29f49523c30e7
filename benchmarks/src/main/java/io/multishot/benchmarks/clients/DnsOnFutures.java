package io.multishot.benchmarks.clients;

import io.multishot.examples.dns.Answer;
import io.multishot.examples.dns.Question;
import io.multishot.examples.wire.Datagrams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
final class DnsOnFutures implements Datagrams.Protocol, AutoCloseable {
    private static final int SOCKETS = 8;

    private final Map<Integer, Query> queries = new ConcurrentHashMap<>();
    private final byte[] socketOfId = new byte[1 << 16];
    private final long timeout;
    private final Datagrams datagrams;
    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer query = ByteBuffer.allocateDirect(512);

    DnsOnFutures(InetSocketAddress server, Duration timeout) throws IOException {
        this.timeout = timeout.toNanos();
        random.nextBytes(socketOfId);
        datagrams = new Datagrams("dns-on-futures", server, SOCKETS, this);
        datagrams.start();
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
            datagrams.send(query.flip(), socketOf(asked.id));
        }
        return asked.orTimeout(timeout, TimeUnit.NANOSECONDS);
    }

    private int socketOf(int id) {
        return socketOfId[id] & (SOCKETS - 1);
    }

    @Override
    public void onInput(ByteBuffer reply, int socket) {
        if (reply.limit() < Question.HEADER_BYTES || reply.get(2) >= 0) {
            return;
        }
        int id = reply.getChar(0);
        if (socketOf(id) != socket) {
            return;
        }
        @Nullable Query answered = queries.get(id);
        if (answered == null || !answered.question.isRepeatedIn(reply)) {
            return;
        }
        queries.remove(id, answered);
        try {
            answered.complete(Answer.read(reply, answered.question.end()));
        } catch (IOException noAnswer) {
            answered.completeExceptionally(noAnswer);
        }
    }

    @Override
    public long onTick(long now) {
        return Long.MAX_VALUE; // the futures have timers
    }

    @Override
    public void onFailure(IOException cause) {
        onClosed(cause);
    }

    @Override
    public void onClosed(Throwable cause) {
        queries.values().forEach(waiting -> waiting.completeExceptionally(cause));
    }

    @Override
    public void close() {
        datagrams.close();
    }
}
