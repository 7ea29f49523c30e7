package io.multishot.aeron;

import io.aeron.ChannelUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a requester listens if it was not told: on the address of this host from which the responder is reached. */
final class ReplyChannel {
    private static final String IPC = "aeron:ipc";

    private ReplyChannel() {}

    /**
     * Finds the channel. Sends nothing.
     *
     * @throws IllegalArgumentException if it cannot be told from that of the responder
     * @throws UncheckedIOException if the host is unknown or there is no way to it
     */
    static String of(String responder) {
        ChannelUri uri = ChannelUri.parse(responder);
        if (uri.isIpc()) {
            return IPC;
        }
        @Nullable String endpoint = uri.get("endpoint");
        int colon = endpoint == null ? -1 : endpoint.lastIndexOf(':');
        if (endpoint == null || colon < 1) {
            throw new IllegalArgumentException(
                    "the channel " + responder + " has no endpoint=HOST:PORT, so it does not tell where"
                            + " replies can be heard: set replyChannel");
        }
        return "aeron:udp?endpoint="
                + localAddress(endpoint.substring(0, colon), portOf(endpoint.substring(colon + 1), responder)) + ":0";
    }

    private static int portOf(String digits, String responder) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the channel " + responder + " has no number for a port: " + digits, e);
        }
    }

    /** Asks the routing table: connecting a datagram socket sends nothing, but settles its own address. */
    private static String localAddress(String host, int port) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(bare), port));
            String address = socket.getLocalAddress().getHostAddress();
            return address.indexOf(':') < 0 ? address : "[" + address + "]";
        } catch (IOException unreachable) {
            throw new UncheckedIOException(
                    "no way to " + host + ": set replyChannel, or mend the network", unreachable);
        }
    }
}
