package io.multishot.aeron;

import io.aeron.driver.Configuration;
import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Lets the thread of an embedded driver nap until a datagram arrives: its sockets are registered with a selector of
 * ours, too. Short naps are parked, because a selector cannot wait for less than a millisecond.
 */
final class DriverSockets implements Nap, AutoCloseable {
    private static final long MIN_SELECT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Selector selector;
    private final Nap parking = new Parking();

    DriverSockets() {
        try {
            selector = Selector.open();
        } catch (IOException failed) {
            throw new UncheckedIOException("no selector for the sockets of a media driver", failed);
        }
    }

    /** Makes a driver register its sockets, unless system properties choose the classes of its endpoints. */
    void watch(MediaDriver.Context context) {
        if (System.getProperty(Configuration.RECEIVE_CHANNEL_ENDPOINT_SUPPLIER_PROP_NAME) == null) {
            context.receiveChannelEndpointSupplier(WatchedReceiver::new);
        }
        if (System.getProperty(Configuration.SEND_CHANNEL_ENDPOINT_SUPPLIER_PROP_NAME) == null) {
            context.sendChannelEndpointSupplier(WatchedSender::new);
        }
    }

    void register(DatagramChannel socket) {
        try {
            SelectionKey unused = socket.register(selector, SelectionKey.OP_READ);
        } catch (IOException | ClosedSelectorException closed) {
            Log.warn("the media driver will notice datagrams late: " + closed);
        }
    }

    /** Lets go of closed sockets, whose ports are in use until then. */
    void forgetClosed() {
        try {
            int unused = selector.selectNow(DriverSockets::ignore);
        } catch (IOException | ClosedSelectorException closed) {
            // then it has let go of all
        }
    }

    /** The driver reads what has arrived, with its own selectors. */
    private static void ignore(SelectionKey ready) {}

    @Override
    public void sleep(long nanos) {
        if (nanos < MIN_SELECT_NANOS) {
            parking.sleep(nanos);
            return;
        }
        try {
            int unused = selector.select(DriverSockets::ignore, TimeUnit.NANOSECONDS.toMillis(nanos));
        } catch (IOException | ClosedSelectorException closed) {
            parking.sleep(nanos);
        }
    }

    @Override
    public void end() {
        parking.end();
        Selector unused = selector.wakeup();
    }

    @Override
    public void close() {
        CloseHelper.quietClose(selector);
    }

    private final class WatchedReceiver extends ReceiveChannelEndpoint {
        WatchedReceiver(
                UdpChannel channel,
                DataPacketDispatcher dispatcher,
                AtomicCounter status,
                MediaDriver.Context context) {
            super(channel, dispatcher, status, context);
        }

        @Override
        public void openDatagramChannel(AtomicCounter status) {
            super.openDatagramChannel(status);
            register(receiveDatagramChannel());
        }

        @Override
        public void close() {
            super.close();
            forgetClosed();
        }
    }

    private final class WatchedSender extends SendChannelEndpoint {
        WatchedSender(UdpChannel channel, AtomicCounter status, MediaDriver.Context context) {
            super(channel, status, context);
        }

        @Override
        public void openDatagramChannel(AtomicCounter status) {
            super.openDatagramChannel(status);
            register(receiveDatagramChannel());
        }

        @Override
        public void close() {
            super.close();
            forgetClosed();
        }
    }
}
