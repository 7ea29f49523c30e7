package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** A server for UDP on a free port of the loopback interface, which does with each datagram what a test says. */
final class UdpServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final Thread thread;

    UdpServer(Consumer<Query> onQuery) throws IOException {
        this(0, onQuery);
    }

    UdpServer(int port, Consumer<Query> onQuery) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setReceiveBufferSize(4 << 20);
        thread = new Thread(() -> serve(onQuery), "udp-server");
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve(Consumer<Query> onQuery) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                onQuery.accept(new Query(this, bytes, packet.getSocketAddress()));
            }
        } catch (SocketException closed) {
            // that is how it ends
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void send(byte[] bytes, SocketAddress to) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (SocketException closed) {
            // too late
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.close();
        thread.join();
    }

    /** A datagram that came in, and where from. */
    record Query(UdpServer server, byte[] bytes, SocketAddress from) {
        int id() {
            return ByteBuffer.wrap(bytes).getChar();
        }

        /** Returns the name that is asked for. */
        String name() {
            StringBuilder name = new StringBuilder();
            for (int i = 12; bytes[i] != 0; i += 1 + bytes[i]) {
                name.append(name.isEmpty() ? "" : ".").append(new String(bytes, i + 1, bytes[i], US_ASCII));
            }
            return name.toString();
        }

        /** Returns where the question ends. */
        private int end() {
            int i = 12;
            while (bytes[i] != 0) {
                i += 1 + bytes[i];
            }
            return i + 5;
        }

        void reply(byte[] reply) {
            server.send(reply, from);
        }

        /** Returns a reply: flags, such as 0x8180, and records that follow the question. */
        byte[] reply(int flags, int count, byte... records) {
            ByteBuffer reply = ByteBuffer.allocate(end() + records.length);
            reply.put(bytes, 0, end()).put(records);
            reply.putShort(2, (short) flags).putShort(6, (short) count).putInt(8, 0);
            return reply.array();
        }

        /** Returns the reply with the address that belongs to the name; see {@link Address}. */
        byte[] answer() {
            return answer(Address.of(name()));
        }

        byte[] answer(int address) {
            return reply(
                    0x8180, 1, record(1, ByteBuffer.allocate(4).putInt(address).array()));
        }

        /** Returns a record that belongs to the name of the question. */
        static byte[] record(int type, byte... data) {
            ByteBuffer record = ByteBuffer.allocate(12 + data.length);
            record.putShort((short) 0xC00C).putShort((short) type).putShort((short) 1);
            return record.putInt(60).putShort((short) data.length).put(data).array();
        }

        /** Returns this query with another id. */
        Query withId(int id) {
            byte[] changed = bytes.clone();
            ByteBuffer.wrap(changed).putShort((short) id);
            return new Query(server, changed, from);
        }
    }
}
