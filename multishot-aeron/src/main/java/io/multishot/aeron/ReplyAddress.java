package io.multishot.aeron;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.logbuffer.LogBufferDescriptor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/**
 * Where a requesting side listens: shared memory, or an address and port. It comes from the network, so it is nothing
 * that Aeron would interpret: no name to look up, no parameter of a channel, no group of hosts.
 *
 * @param endpoint address and port, as in a channel; empty for shared memory
 */
record ReplyAddress(String endpoint) {
    static final ReplyAddress IPC = new ReplyAddress("");

    /** In characters: an IPv6 address with an IPv4 address in it, brackets and a port. */
    static final int MAX_LENGTH = 53;

    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern ENDPOINT =
            Pattern.compile("(" + BYTE + "(?:\\." + BYTE + "){3}|\\[[0-9a-fA-F.]*:[0-9a-fA-F.:]*])" + ":(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Unless the responder's own channel has a larger one. */
    private static final int MAX_WISHED_TERM_LENGTH = 1 << 20;

    /** The parameters of the responder's channel that the channels of its replies have, too. */
    private static final String[] SHARED_PARAMS = {
        CommonContext.MTU_LENGTH_PARAM_NAME,
        CommonContext.SPARSE_PARAM_NAME,
        CommonContext.LINGER_PARAM_NAME,
        CommonContext.TTL_PARAM_NAME,
        CommonContext.SOCKET_SNDBUF_PARAM_NAME
    };

    /** Returns null unless this is empty, or the address of one host and a port. */
    static @Nullable ReplyAddress parse(String endpoint) {
        if (endpoint.isEmpty()) {
            return IPC;
        }
        Matcher parts = ENDPOINT.matcher(endpoint);
        if (!parts.matches()) {
            return null;
        }
        boolean isPort = Integer.parseInt(parts.group(2)) <= MAX_PORT;
        return isPort && isHost(parts.group(1)) ? new ReplyAddress(endpoint) : null;
    }

    /** Returns false if the port is 0, which on the side that listens stands for any free one. */
    boolean isReachable() {
        return !endpoint.endsWith(":0");
    }

    /** Looks nothing up: the pattern allows literal addresses only. */
    private static boolean isHost(String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return !parsed.isMulticastAddress() && !parsed.isAnyLocalAddress();
        } catch (UnknownHostException malformed) {
            return false;
        }
    }

    /** Returns the channel to this address, without parameters. */
    String channel() {
        return endpoint.isEmpty() ? CommonContext.IPC_CHANNEL : "aeron:udp?endpoint=" + endpoint;
    }

    /**
     * Returns the channel for replies to this address.
     *
     * @param responderChannel the responder's own channel, whose parameters hold for the replies, too
     * @param wishedTermLength a term length that is used instead of a larger one; 0 for none
     */
    String channel(ChannelUri responderChannel, int wishedTermLength) {
        ChannelUri channel = ChannelUri.parse(channel());
        for (String name : SHARED_PARAMS) {
            String value = responderChannel.get(name);
            if (value != null) {
                channel.put(name, value);
            }
        }
        int termLength = ReplyChannel.termLength(responderChannel);
        if (wishedTermLength >= LogBufferDescriptor.TERM_MIN_LENGTH && BitUtil.isPowerOfTwo(wishedTermLength)) {
            termLength = Math.min(wishedTermLength, termLength == 0 ? MAX_WISHED_TERM_LENGTH : termLength);
        }
        if (termLength > 0) {
            channel.put(CommonContext.TERM_LENGTH_PARAM_NAME, Integer.toString(termLength));
        }
        return channel.toString();
    }
}
