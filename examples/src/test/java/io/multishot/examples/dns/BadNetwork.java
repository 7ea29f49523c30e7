package io.multishot.examples.dns;

import io.multishot.examples.dns.UdpServer.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A proxy before a server, which drops, delays and doubles datagrams, and forges replies. */
final class BadNetwork implements AutoCloseable {
    private static final int MAX_DELAY_MILLIS = 600;

    private final InetSocketAddress server;
    private final UdpServer front;
    private final UdpServer foreign;
    private final Map<SocketAddress, UdpServer> backs = new ConcurrentHashMap<>();
    private final List<SocketAddress> clients = new ArrayList<>();
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor();
    private final Random random;
    final AtomicLong forged = new AtomicLong();

    BadNetwork(InetSocketAddress server, long seed) throws IOException {
        this.server = server;
        random = new Random(seed);
        foreign = new UdpServer(query -> {});
        front = new UdpServer(this::onQuery);
    }

    InetSocketAddress address() {
        return front.address();
    }

    /** Called by the thread of the front. */
    private void onQuery(Query query) {
        UdpServer back = backs.computeIfAbsent(query.from(), this::newBack);
        if (chance(10)) {
            return; // dropped
        }
        if (chance(20)) {
            forge(query);
        }
        back.send(query.bytes(), server);
        if (chance(10)) {
            back.send(query.bytes(), server);
        }
    }

    private synchronized UdpServer newBack(SocketAddress client) {
        clients.add(client);
        try {
            return new UdpServer(reply -> onReply(reply.bytes(), client));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Called by the thread of the back. */
    private void onReply(byte[] reply, SocketAddress client) {
        if (chance(10)) {
            return; // dropped
        }
        int times = chance(10) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            if (chance(30)) {
                delays.schedule(() -> front.send(reply, client), number(MAX_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            } else {
                front.send(reply, client);
            }
        }
    }

    private void forge(Query query) {
        forged.incrementAndGet();
        switch (number(5)) {
            case 0 -> { // with the right id, but for another name
                Query other = new Query(front, query.bytes().clone(), query.from());
                other.bytes()[13] = 'g';
                other.reply(other.reply(0x8180, 1, Query.record(1, (byte) 6, (byte) 6, (byte) 6, (byte) 6)));
            }
            case 1 -> query.reply(query.withId(query.id() ^ 1 << number(16)).answer(Address.FORGED));
            case 2 -> foreign.send(query.answer(Address.FORGED), query.from());
            case 3 -> {
                SocketAddress other = anyClient();
                if (!other.equals(query.from())) {
                    front.send(query.answer(Address.FORGED), other);
                }
            }
            default -> query.reply(query.bytes()); // its own query
        }
    }

    private synchronized SocketAddress anyClient() {
        return clients.get(number(clients.size()));
    }

    private boolean chance(int percent) {
        return number(100) < percent;
    }

    private int number(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }

    @Override
    public void close() throws InterruptedException {
        delays.shutdownNow();
        front.close();
        foreign.close();
        for (UdpServer back : backs.values()) {
            back.close();
        }
    }
}
