package io.multishot.examples.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/**
 * Stands between one client and a server, and lets the test decide what becomes of each reply: it may be delivered,
 * later, twice, or never. Requests pass as they are.
 */
public final class TcpProxy implements AutoCloseable {
    /** Reads one reply from the server. */
    @FunctionalInterface
    public interface Framing {
        byte[] read(DataInputStream server) throws IOException;
    }

    /** Decides what the client gets. */
    @FunctionalInterface
    public interface Fate {
        /** Called with one reply after the other, on one thread, which it may block. */
        void decide(byte[] reply, OutputStream client) throws IOException, InterruptedException;
    }

    /** Returns the fate of being held back until the gate is opened. */
    public static Fate heldBackBy(CountDownLatch gate) {
        return (reply, client) -> {
            gate.await();
            client.write(reply);
        };
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Framing framing;
    private final Fate fate;
    private final Thread acceptor = new Thread(this::serve, "proxy");

    private volatile boolean isCut;
    private volatile Socket client = new Socket();
    private volatile Socket upstream = new Socket();

    public TcpProxy(InetSocketAddress server, Framing framing, Fate fate) throws IOException {
        this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        this.server = server;
        this.framing = framing;
        this.fate = fate;
        acceptor.setDaemon(true);
        acceptor.start();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", listener.getLocalPort());
    }

    private void serve() {
        try {
            client = listener.accept();
            client.setTcpNoDelay(true);
            upstream = new Socket(server.getAddress(), server.getPort());
            Thread requests = new Thread(this::passRequests, "proxy-requests");
            requests.setDaemon(true);
            requests.start();
            DataInputStream replies = new DataInputStream(upstream.getInputStream());
            while (!isCut) {
                fate.decide(framing.read(replies), client.getOutputStream());
            }
        } catch (IOException | InterruptedException ended) {
            // What is left is to cut the other side as well.
        }
        cut();
    }

    private void passRequests() {
        try {
            client.getInputStream().transferTo(upstream.getOutputStream());
        } catch (IOException ended) {
            // One side is gone, and the thread for replies notices that as well.
        }
        cut();
    }

    /** Cuts both connections. */
    public void cut() {
        isCut = true;
        try (Socket first = client;
                Socket second = upstream) {
            listener.close();
        } catch (IOException ignored) {
            // They are cut all the same.
        }
    }

    @Override
    public void close() {
        cut();
        acceptor.interrupt();
        try {
            acceptor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // the thread ends all the same
        }
    }
}
