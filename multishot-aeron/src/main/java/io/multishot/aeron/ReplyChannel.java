package io.multishot.aeron;

import io.aeron.ChannelUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Derives the channel on which a requester listens for replies, unless one was set: it is at the local address from
 * which the responder is reached.
 */
final class ReplyChannel {
    private static final String IPC = "aeron:ipc";

    private ReplyChannel() {}

    /**
     * Derives the reply channel from the channel of the responder. Sends nothing.
     *
     * @throws IllegalArgumentException if the responder's channel does not determine it
     * @throws UncheckedIOException if the responder's host is unknown or unreachable
     */
    static String of(String responderChannel) {
        ChannelUri uri = ChannelUri.parse(responderChannel);
        if (uri.isIpc()) {
            return IPC;
        }
        @Nullable String endpoint = uri.get("endpoint");
        int colon = endpoint == null ? -1 : endpoint.lastIndexOf(':');
        if (endpoint == null || colon < 1) {
            throw new IllegalArgumentException("the channel " + responderChannel
                    + " has no endpoint=HOST:PORT, so no reply channel can be derived from it: set replyChannel");
        }
        int port = parsePort(endpoint.substring(colon + 1), responderChannel);
        return "aeron:udp?endpoint=" + localAddress(endpoint.substring(0, colon), port) + ":0";
    }

    private static int parsePort(String port, String responderChannel) {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the port in the channel " + responderChannel + " is not a number: " + port, e);
        }
    }

    /** Asks the routing table: connecting a datagram socket sends nothing, but determines its local address. */
    private static String localAddress(String host, int port) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(bare), port));
            String address = socket.getLocalAddress().getHostAddress();
            return address.indexOf(':') < 0 ? address : "[" + address + "]";
        } catch (IOException unreachable) {
            throw new UncheckedIOException(
                    "no route to " + host + ": set replyChannel, or check the network", unreachable);
        }
    }
}
