package io.multishot.examples;

import io.multishot.aeron.Codec;
import io.multishot.aeron.Engine;
import io.multishot.aeron.Requester;
import io.multishot.examples.Worker.Request;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** The requester of {@code --ask}, which is connected to a {@link BlockServer} in another process. */
final class BlockClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(5);

    private final Engine engine = Engine.embedded();
    private final ShutdownSignalBarrier shutdown = new ShutdownSignalBarrier(interrupterOf(Thread.currentThread()));
    private final Requester<Block, byte[]> requester;

    /** Connects to a server. */
    BlockClient(String channel) throws ConnectException, InterruptedException {
        try {
            requester = Requester.builder(engine, Block.CODEC, Codec.bytes())
                    .channel(channel)
                    .capacity(BlockServer.CAPACITY)
                    .peerTimeout(PEER_TIMEOUT)
                    .open();
            if (!requester.awaitConnected(CONNECT_TIMEOUT)) {
                throw new ConnectException(
                        "no responder at " + channel + ": start checksums --serve " + channel + " there");
            }
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    /** Interrupts the program when the process is terminated, or the media driver would leave its files behind. */
    private static ShutdownSignalBarrier.SignalHandler interrupterOf(Thread thread) {
        return () -> {
            if (Thread.currentThread() != thread) { // else close() signals
                thread.interrupt();
            }
        };
    }

    Worker worker(BlockingQueue<Request> requests) {
        return new RemoteWorker(requests, requester);
    }

    /** Fails the requests in flight, if there are any. */
    @Override
    public void close() {
        engine.close();
        shutdown.close();
    }
}
