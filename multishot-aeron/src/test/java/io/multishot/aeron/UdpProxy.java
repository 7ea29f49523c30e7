package io.multishot.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Forwards datagrams on loopback from one port to another, and the answers back to where they came from, as a faulty
 * network does: late, in another order, twice.
 */
final class UdpProxy implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int MAX_LENGTH = 65_536;

    /**
     * What happens to a datagram.
     *
     * @param delayMillis how long each one is late, at least
     * @param jitterMillis how much longer at most, at random, so that others overtake it
     * @param doubled the fraction that arrives twice
     */
    record Faults(int delayMillis, int jitterMillis, double doubled) {}

    /** One of the two directions. */
    private static final class Direction {
        final DatagramChannel from;
        final DatagramChannel via;

        /** Null until a datagram has come from there. */
        @Nullable SocketAddress to;

        /** The number of the last datagram that was not overtaken. */
        long last;

        Direction(DatagramChannel from, DatagramChannel via) {
            this.from = from;
            this.via = via;
        }
    }

    /** A datagram on its way. */
    private record Late(long number, long due, ByteBuffer content, Direction direction) {}

    private final Selector selector = Selector.open();
    private final DatagramChannel front = bind();
    private final DatagramChannel back = bind();
    private final Direction there = new Direction(front, back);
    private final Direction andBack = new Direction(back, front);
    private final Faults faults;
    private final Random random;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_LENGTH);
    private final PriorityQueue<Late> onTheirWay =
            new PriorityQueue<>(Comparator.comparingLong(Late::due).thenComparingLong(Late::number));
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();
    private final AtomicLong doubled = new AtomicLong();
    private final Thread thread = new Thread(this::run, "UDP proxy");

    private volatile boolean closed;

    UdpProxy(int targetPort, Faults faults, long seed) throws IOException {
        there.to = new InetSocketAddress(HOST, targetPort);
        this.faults = faults;
        random = new Random(seed);
        thread.start();
    }

    private DatagramChannel bind() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(HOST, 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    int port() throws IOException {
        return ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    /** Returns how many datagrams have come, in either direction. */
    long datagrams() {
        return received.get();
    }

    /** Returns how many datagrams arrived after one that was sent later. */
    long overtaken() {
        return overtaken.get();
    }

    /** Returns how many datagrams were sent twice. */
    long doubled() {
        return doubled.get();
    }

    private void run() {
        try {
            while (!closed) {
                Late next = onTheirWay.peek();
                selector.select(next == null ? 0 : Math.max(1, millisUntil(next.due)));
                selector.selectedKeys().clear();
                receive(there);
                receive(andBack);
                sendWhatIsDue();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static long millisUntil(long due) {
        return TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
    }

    private void receive(Direction direction) throws IOException {
        SocketAddress source;
        while ((source = direction.from.receive(buffer.clear())) != null) {
            if (direction == there) {
                andBack.to = source;
            }
            buffer.flip();
            ByteBuffer content =
                    ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            long number = received.incrementAndGet();
            delay(number, content, direction);
            if (random.nextDouble() < faults.doubled) {
                doubled.incrementAndGet();
                delay(number, content.duplicate(), direction);
            }
        }
    }

    private void delay(long number, ByteBuffer content, Direction direction) {
        double millis = faults.delayMillis + random.nextDouble() * faults.jitterMillis;
        onTheirWay.add(new Late(number, System.nanoTime() + (long) (millis * 1e6), content, direction));
    }

    private void sendWhatIsDue() throws IOException {
        long now = System.nanoTime();
        Late next;
        while ((next = onTheirWay.peek()) != null && next.due - now <= 0) {
            onTheirWay.remove();
            Direction direction = next.direction;
            int unlessLost = direction.via.send(next.content, direction.to);
            if (next.number < direction.last) {
                overtaken.incrementAndGet();
            } else {
                direction.last = next.number;
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
        front.close();
        back.close();
        selector.close();
    }
}
