package io.multishot.aeron;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.agrona.SystemUtil;
import org.jspecify.annotations.Nullable;

/**
 * Derives the channel on which a requester listens for replies, unless one was set: it is at the local address from
 * which the responder is reached.
 */
final class ReplyChannel {
    private ReplyChannel() {}

    /**
     * Derives the reply channel from the channel of the responder. Sends nothing.
     *
     * @throws IllegalArgumentException if the responder's channel does not determine it
     * @throws UncheckedIOException if the responder's host is unknown or unreachable
     */
    static String of(String responderChannel) {
        ChannelUri uri = ChannelUri.parse(responderChannel);
        int termLength = termLength(uri);
        String parameters = termLength == 0 ? "" : CommonContext.TERM_LENGTH_PARAM_NAME + "=" + termLength;
        if (uri.isIpc()) {
            return parameters.isEmpty() ? CommonContext.IPC_CHANNEL : CommonContext.IPC_CHANNEL + "?" + parameters;
        }
        @Nullable String endpoint = uri.get("endpoint");
        int colon = endpoint == null ? -1 : endpoint.lastIndexOf(':');
        if (endpoint == null || colon < 1) {
            throw new IllegalArgumentException("the channel " + responderChannel
                    + " has no endpoint=HOST:PORT, so no reply channel can be derived from it: set replyChannel");
        }
        int port = parsePort(endpoint.substring(colon + 1), responderChannel);
        String local = "aeron:udp?endpoint=" + localAddress(endpoint.substring(0, colon), port) + ":0";
        return parameters.isEmpty() ? local : local + "|" + parameters;
    }

    /** Returns what of a channel no two responders can have: its address. */
    static String endpoint(String channel) {
        ChannelUri uri = ChannelUri.parse(channel);
        @Nullable String endpoint = uri.isIpc() ? "" : uri.get(CommonContext.ENDPOINT_PARAM_NAME);
        return endpoint == null ? channel : endpoint;
    }

    /** Returns the term length of a channel; 0 if it has none of its own. */
    static int termLength(ChannelUri channel) {
        @Nullable String value = channel.get(CommonContext.TERM_LENGTH_PARAM_NAME);
        return value == null ? 0 : (int) SystemUtil.parseSize(CommonContext.TERM_LENGTH_PARAM_NAME, value);
    }

    /**
     * Returns the address in a channel for replies, with its name looked up here, where it was meant.
     *
     * @throws IllegalArgumentException if the channel has no address and port of one host
     */
    static ReplyAddress address(String replyChannel) {
        ChannelUri channel = ChannelUri.parse(replyChannel);
        if (channel.isIpc()) {
            return ReplyAddress.IPC;
        }
        @Nullable String endpoint = channel.get(CommonContext.ENDPOINT_PARAM_NAME);
        int colon = endpoint == null ? -1 : endpoint.lastIndexOf(':');
        @Nullable ReplyAddress address = endpoint == null || colon < 1
                ? null
                : ReplyAddress.parse(literal(endpoint.substring(0, colon)) + endpoint.substring(colon));
        if (address == null) {
            throw new IllegalArgumentException("replies cannot be sent to " + replyChannel
                    + ": a reply channel is aeron:ipc, or aeron:udp with endpoint=HOST:PORT for one host");
        }
        return address;
    }

    private static String literal(String host) {
        try {
            return literal(InetAddress.getByName(host));
        } catch (UnknownHostException unknown) {
            throw new UncheckedIOException("the host " + host + " of the reply channel is unknown", unknown);
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String literal = zone < 0 ? text : text.substring(0, zone);
        return literal.indexOf(':') < 0 ? literal : "[" + literal + "]";
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
            return literal(socket.getLocalAddress());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(
                    "no route to " + host + ": set replyChannel, or check the network", unreachable);
        }
    }
}
