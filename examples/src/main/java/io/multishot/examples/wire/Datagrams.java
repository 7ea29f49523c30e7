package io.multishot.examples.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP sockets for one server, served by one thread with a selector. The system chooses their ports, and discards what
 * comes from elsewhere.
 */
public final class Datagrams implements AutoCloseable {
    /** What is spoken. Its methods are called by the thread of the sockets. */
    public interface Protocol {
        /**
         * Consumes a datagram.
         *
         * @param datagram from its start to its limit; used again after the call
         * @param socket which socket it came to
         */
        void onInput(ByteBuffer datagram, int socket);

        /**
         * Does what is due, such as giving up late requests. Called before each wait.
         *
         * @param now the time on the scale of {@link System#nanoTime()}
         * @return the time until more is due, in nanoseconds; {@link Long#MAX_VALUE} if only input matters
         */
        long onTick(long now);

        /**
         * Hears that no reply will come to what is in flight now. Later requests may have one.
         *
         * @param cause what the network said
         */
        void onFailure(IOException cause);

        /**
         * Ends all requests. Called once, as the last of all calls.
         *
         * @param cause why there will be no more replies
         */
        void onClosed(Throwable cause);
    }

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int READS_A_TURN = 64; // from one socket, before others and the clock get their turn

    private final InetSocketAddress server;
    private final Protocol protocol;
    private final Thread thread;
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::read; // made once
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(1 << 16);
    private final AtomicReference<@Nullable IOException> sendFailure = new AtomicReference<>();
    private volatile boolean isClosed;

    /**
     * Opens the sockets, which receive nothing until {@link #start()}.
     *
     * @param name the name of their thread
     * @param server where datagrams are sent to and received from
     * @param count how many sockets
     * @param protocol what is spoken
     * @throws IOException if the system does not provide them
     */
    public Datagrams(String name, InetSocketAddress server, int count, Protocol protocol) throws IOException {
        this.server = server;
        this.protocol = protocol;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        this.selector = Selector.open();
        try {
            for (int i = 0; i < count; i++) {
                DatagramChannel socket = DatagramChannel.open();
                sockets.add(socket);
                socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
                socket.bind(null).connect(server);
                socket.configureBlocking(false).register(selector, SelectionKey.OP_READ, i);
            }
        } catch (IOException | RuntimeException | Error failure) {
            release();
            throw failure;
        }
    }

    /**
     * Starts the thread, which receives.
     *
     * @throws IOException if there can be no thread, and not even the sockets can be closed
     */
    public void start() throws IOException {
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            release();
            throw noThread;
        }
    }

    private void release() throws IOException {
        try (selector) {
            for (DatagramChannel socket : sockets) {
                socket.close();
            }
        }
    }

    /**
     * Sends a datagram. If the socket takes no more at the moment, it is lost, as it may be on the way. Any thread.
     *
     * @param message what to send
     * @param socket from which socket
     */
    public void send(ByteBuffer message, int socket) {
        try {
            sockets.get(socket).write(message);
        } catch (IOException failure) {
            sendFailure.set(failure);
            selector.wakeup(); // the thread of the sockets is the one that notifies
        }
    }

    private void run() {
        Throwable cause = new IOException("closed by the client");
        try {
            try {
                serve();
            } finally {
                release();
            }
        } catch (IOException | RuntimeException | Error fault) {
            cause = fault;
        }
        protocol.onClosed(cause); // so that nobody waits for a thread that has ended
    }

    private void serve() throws IOException {
        while (!isClosed) {
            long wait = protocol.onTick(System.nanoTime());
            selector.select(onReady, TimeUnit.NANOSECONDS.toMillis(wait) + 1); // 0 would be forever
            fail(sendFailure.getAndSet(null));
        }
    }

    private void read(SelectionKey key) {
        DatagramChannel socket = (DatagramChannel) key.channel();
        try {
            for (int reads = 0; reads < READS_A_TURN && socket.read(datagram.clear()) > 0; reads++) {
                protocol.onInput(datagram.flip(), (int) key.attachment());
            }
        } catch (IOException failure) {
            fail(failure);
        }
    }

    private void fail(@Nullable IOException failure) {
        if (failure != null) {
            String why = failure instanceof PortUnreachableException ? "nothing listens there" : failure.getMessage();
            protocol.onFailure(new IOException("no answer from " + server + ": " + why, failure));
        }
    }

    /** Closes the sockets. Returns at once. */
    @Override
    public void close() {
        isClosed = true;
        selector.wakeup();
    }
}
