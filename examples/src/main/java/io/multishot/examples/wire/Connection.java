package io.multishot.examples.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, served by one thread with a selector. It connects without blocking, so requests may be made and
 * may run into their deadlines before the server has accepted. Once lost, it stays lost.
 */
public final class Connection implements AutoCloseable {
    /** What is spoken on the connection. Its methods are called by the connection's thread, without the lock. */
    public interface Protocol {
        /**
         * Consumes the replies that have arrived in full, and leaves the rest for the next call.
         *
         * @param input what the server sent and was not consumed yet
         * @throws IOException if the server broke the protocol: the connection is then lost, for this cause
         */
        void onInput(ByteBuffer input) throws IOException;

        /**
         * Does what is due, such as giving up late requests. Called before each wait.
         *
         * @param now the time on the scale of {@link System#nanoTime()}
         * @return the time until more is due, in nanoseconds; {@link Long#MAX_VALUE} if only input or output matters
         * @throws IOException if the server is of no use any more: the connection is then lost, for this cause
         */
        long onTick(long now) throws IOException;

        /**
         * Ends all requests. Called once, as the last of all calls. Before it, {@link Connection#lost()} is set.
         *
         * @param cause why the connection is lost
         */
        void onLost(IOException cause);
    }

    private static final int FIRST_BUFFER = 1 << 16;
    private static final int LARGEST_BUFFER = 1 << 30;

    private final InetSocketAddress server;
    private final Protocol protocol;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean isClosed;

    // for the connection's thread only
    private boolean isConnected;
    private boolean isReady;
    private final Consumer<SelectionKey> onReady = this::onReady; // made once, unlike a set of keys
    private ByteBuffer input = ByteBuffer.allocateDirect(FIRST_BUFFER);
    private ByteBuffer writing = ByteBuffer.allocateDirect(FIRST_BUFFER).flip();

    // guarded by the lock of this connection
    private ByteBuffer output = ByteBuffer.allocateDirect(FIRST_BUFFER);
    private boolean isWoken;
    private @Nullable ConnectionLostException lost;

    /**
     * Makes a connection, which does nothing until {@link #start()}.
     *
     * @param name the name of its thread
     * @param server where to connect
     * @param protocol what is spoken there
     * @throws IOException if the system has no more selectors
     */
    public Connection(String name, InetSocketAddress server, Protocol protocol) throws IOException {
        this.server = server;
        this.protocol = protocol;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread, which connects.
     *
     * @throws IOException if there can be no thread, and not even the selector can be closed
     */
    public void start() throws IOException {
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            selector.close();
            throw noThread;
        }
    }

    /** Closes the connection, and waits until all requests have ended, unless the connection's own thread calls. */
    @Override
    public void close() {
        isClosed = true;
        selector.wakeup();
        try {
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // the thread ends all the same
        }
    }

    // ------------------------------------------------------------------ for those who make requests

    /**
     * Returns why the connection is lost. The caller holds the lock of this connection.
     *
     * @return the cause; null if the connection is not lost: then {@link Protocol#onLost} is still to come
     */
    public @Nullable ConnectionLostException lost() {
        return lost;
    }

    /**
     * Makes room for a request. The caller holds the lock of this connection, and calls {@link #needsWakeup()} after it
     * has put the request there. Nothing is written if it puts nothing there.
     *
     * @param bytes how much room is needed
     * @return a buffer with that much room, valid as long as the lock is held
     */
    public ByteBuffer room(int bytes) {
        if (output.remaining() < bytes) {
            output = grown(output, bytes);
        }
        return output;
    }

    /**
     * Takes note that a request was put into the buffer. The caller holds the lock.
     *
     * @return true if the caller is to call {@link #wakeup()}, when it has given up the lock
     */
    public boolean needsWakeup() {
        boolean isFirst = !isWoken;
        isWoken = true; // until the thread fetches the buffer, with whatever else is put there
        return isFirst;
    }

    /** Makes the connection's thread write what was put into the buffer. It needs the lock, so do not hold it. */
    public void wakeup() {
        selector.wakeup();
    }

    // ------------------------------------------------------------------ the connection's thread

    private void run() {
        Throwable cause;
        try (selector;
                SocketChannel channel = SocketChannel.open()) {
            serve(channel);
            cause = new IOException("closed by the client");
        } catch (Throwable thrown) { // of any kind, because the requesters must hear of it
            cause = thrown;
        }
        String reason = cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : "" + cause;
        String what = isConnected ? "connection to %s:%d lost: %s" : "cannot connect to %s:%d: %s";
        ConnectionLostException described = new ConnectionLostException(
                String.format(Locale.ROOT, what, server.getHostString(), server.getPort(), reason), cause);
        synchronized (this) {
            lost = described;
        }
        protocol.onLost(described);
    }

    private void serve(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        isConnected = channel.connect(server);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        while (!isClosed) {
            if (isConnected) {
                key.interestOps(write(channel) ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            long wait = protocol.onTick(System.nanoTime());
            isReady = false;
            selector.select(onReady, TimeUnit.NANOSECONDS.toMillis(wait) + 1); // 0 would be forever
            if (!isConnected) {
                isConnected = channel.finishConnect();
            } else if (isReady && key.isReadable()) {
                read(channel);
            }
        }
    }

    private void onReady(SelectionKey key) {
        isReady = true;
    }

    /** Writes until there is nothing left, or the socket takes no more: then it returns false. */
    private boolean write(SocketChannel channel) throws IOException {
        while (writing.hasRemaining() || fetchOutput()) {
            channel.write(writing);
            if (writing.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    private synchronized boolean fetchOutput() {
        isWoken = false;
        ByteBuffer fetched = output.flip();
        output = writing.clear();
        writing = fetched;
        return writing.hasRemaining();
    }

    private void read(SocketChannel channel) throws IOException {
        if (channel.read(input) < 0) {
            throw new EOFException("the server closed it");
        }
        protocol.onInput(input.flip());
        input.compact();
        if (!input.hasRemaining()) {
            input = grown(input, 1);
        }
    }

    /** Returns a buffer with the same content, at least twice as large, and room for so many bytes more. */
    private static ByteBuffer grown(ByteBuffer buffer, int room) {
        long needed = (long) buffer.position() + room;
        if (needed > LARGEST_BUFFER) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "a buffer of %,d bytes is needed, and the largest has %,d: use smaller requests and replies",
                    needed,
                    LARGEST_BUFFER));
        }
        int capacity = (int) Math.min(LARGEST_BUFFER, Math.max(needed, 2L * buffer.capacity()));
        return ByteBuffer.allocateDirect(capacity).put(buffer.flip());
    }
}
