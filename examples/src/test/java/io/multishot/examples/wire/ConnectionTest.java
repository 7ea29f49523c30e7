package io.multishot.examples.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.examples.ProgramRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final int LARGE = 20_000_000;

    private final BlockingQueue<IOException> losses = new LinkedBlockingQueue<>();
    private ServerSocket listener;

    /** A protocol whose reply is complete when a number of bytes is there. */
    private class Whole implements Connection.Protocol {
        final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
        private final int length;

        Whole(int length) {
            this.length = length;
        }

        @Override
        public void onInput(ByteBuffer input) throws IOException {
            if (input.remaining() >= length) {
                byte[] reply = new byte[length];
                input.get(reply);
                replies.add(reply);
            }
        }

        @Override
        public long onTick(long now) throws IOException {
            return Long.MAX_VALUE;
        }

        @Override
        public void onLost(IOException cause) {
            losses.add(cause);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stopListening() throws Exception {
        listener.close();
        ProgramRun.assertNoThreadIsLeft("connection");
    }

    private InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", listener.getLocalPort());
    }

    private Connection connect(Connection.Protocol protocol) throws IOException {
        Connection connection = new Connection("connection", address(), protocol);
        connection.start();
        return connection;
    }

    private static void write(Connection connection, byte[] bytes) {
        boolean needsWakeup;
        synchronized (connection) {
            connection.room(bytes.length).put(bytes);
            needsWakeup = connection.needsWakeup();
        }
        if (needsWakeup) {
            connection.wakeup();
        }
    }

    @Test
    void whatDoesNotFitIntoBuffersArrivesAllTheSame() throws Exception {
        byte[] request = new byte[LARGE];
        new Random(1).nextBytes(request);
        Whole protocol = new Whole(LARGE);
        try (Connection connection = connect(protocol)) {
            for (int from = 0; from < LARGE; from += LARGE / 8) { // in pieces, while earlier ones are being written
                write(connection, Arrays.copyOfRange(request, from, from + LARGE / 8));
            }
            try (Socket server = listener.accept()) {
                byte[] arrived = server.getInputStream().readNBytes(LARGE);
                assertThat(arrived).isEqualTo(request);
                server.getOutputStream().write(arrived);
                assertThat(protocol.replies.take()).isEqualTo(request);
            }
        }
    }

    @Test
    void aRefusedConnectionIsLostWithTheReason() throws Exception {
        listener.close();
        try (Connection connection = connect(new Whole(1))) {
            IOException loss = losses.take();
            assertThat(loss)
                    .hasMessage(
                            "cannot connect to 127.0.0.1:%d: Connection refused",
                            address().getPort());
            synchronized (connection) {
                assertThat(connection.lost()).isSameAs(loss);
            }
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void theServersEndOfTheConnectionIsItsLoss() throws Exception {
        try (Connection connection = connect(new Whole(1))) {
            listener.accept().close();
            assertThat(losses.take())
                    .hasMessage(
                            "connection to 127.0.0.1:%d lost: the server closed it",
                            address().getPort());
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void whatTheProtocolThrowsIsTheCauseOfTheLoss() throws Exception {
        RuntimeException bug = new IllegalStateException("a bug");
        Whole protocol = new Whole(1) {
            @Override
            public void onInput(ByteBuffer input) {
                throw bug;
            }
        };
        try (Connection connection = connect(protocol);
                Socket server = listener.accept()) {
            server.getOutputStream().write(1);
            assertThat(losses.take()).hasCause(bug).hasMessageContaining("a bug");
            assertThat(server.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aTickComesInTimeWithoutInput() throws Exception {
        Whole protocol = new Whole(1) {
            private long due;

            @Override
            public long onTick(long now) throws IOException {
                if (due == 0) {
                    due = now + 5_000_000;
                }
                if (now - due >= 0) {
                    throw new IOException("it is time");
                }
                return due - now;
            }
        };
        try (Connection connection = connect(protocol)) {
            assertThat(losses.take()).hasMessageEndingWith("it is time");
        }
    }

    @Test
    void itsOwnThreadMayCloseIt() throws Exception {
        BlockingQueue<Connection> self = new LinkedBlockingQueue<>();
        Whole protocol = new Whole(1) {
            @Override
            public void onInput(ByteBuffer input) {
                self.remove().close();
            }
        };
        try (Connection connection = connect(protocol);
                Socket server = listener.accept()) {
            self.add(connection);
            server.getOutputStream().write(1);
            assertThat(losses.take()).hasMessageEndingWith("closed by the client");
        }
    }
}
