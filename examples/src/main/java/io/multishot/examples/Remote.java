package io.multishot.examples;

import io.multishot.aeron.Codec;
import io.multishot.aeron.Engine;
import io.multishot.aeron.RemoteSender;
import io.multishot.aeron.Requester;
import io.multishot.aeron.Responder;
import io.multishot.aeron.SendResult;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two ends of the checksum job when its workers are in another process. */
final class Remote {
    /** Whoever does not finish a file is forgotten when so many others have begun one. */
    private static final int MOST_LANES = 10_000;

    private static final int MOST_IN_FLIGHT = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Longer than a busy machine holds anybody up. */
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(5);

    private Remote() {}

    /** What {@code --ask} needs: workers that send their files over, until it is closed. */
    static final class Asking implements AutoCloseable {
        private final Shutdown shutdown = new Shutdown();
        private final Engine engine;
        private final Requester<Block, byte[]> requester;

        /** Waits for somebody who answers. */
        Asking(String channel, @Nullable Path driver) throws InterruptedException {
            engine = driver == null ? Engine.embedded() : Engine.connected(driver);
            try {
                requester = Requester.builder(engine, Block.CODEC, Codec.bytes())
                        .channel(channel)
                        .capacity(MOST_IN_FLIGHT)
                        .peerTimeout(PEER_TIMEOUT)
                        .open();
                if (!requester.awaitConnected(PATIENCE)) {
                    throw new NobodyAnswersException(
                            "nobody answers at " + channel + ": start checksums --serve " + channel + " there");
                }
            } catch (Throwable failed) {
                close();
                throw failed;
            }
        }

        Supplier<Runnable> workers(BlockingQueue<Request> requests) {
            return () -> new RemoteHasher(requests, requester);
        }

        @Override
        public void close() {
            engine.close();
            shutdown.close();
        }
    }

    /** What {@code --serve} does: hashes blocks, until the thread is interrupted. Closes the executor. */
    static void serve(String channel, @Nullable Path driver, ExecutorService executor, PrintStream err)
            throws InterruptedException {
        Map<Long, MessageDigest> lanes = new Lanes();
        try (Shutdown shutdown = new Shutdown();
                Engine engine = driver == null ? Engine.embedded() : Engine.embedded(driver);
                Workers workers = new Workers(executor);
                Responder responder = Responder.builder(engine, Block.CODEC, Codec.bytes())
                        .channel(channel)
                        .capacity(MOST_IN_FLIGHT)
                        .open((block, sender) -> {
                            MessageDigest sha256 = of(block, lanes);
                            workers.execute(() -> answer(block, sha256, sender));
                        })) {
            err.println("checksums: serving as " + responder);
            shutdown.await();
        }
    }

    /** Finds the digest that this block belongs to. On the engine's thread, as all use of the lanes. */
    private static MessageDigest of(Block block, Map<Long, MessageDigest> lanes) {
        MessageDigest sha256 = block.isLast() ? lanes.remove(block.lane()) : lanes.get(block.lane());
        if (block.isFirst()) {
            sha256 = Sha256.create();
            if (!block.isLast()) {
                lanes.put(block.lane(), sha256);
            }
        }
        if (sha256 == null) {
            throw new IllegalStateException("the beginning of this file is not here, or not any more");
        }
        return sha256;
    }

    /** On a worker's thread. The next block of the lane comes after this answer, so none shares the digest. */
    private static void answer(Block block, MessageDigest sha256, RemoteSender<byte[]> sender) {
        block.update(sha256);
        byte[] answer = block.isLast() ? sha256.digest() : new byte[0];
        while (sender.send(answer) == SendResult.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
    }

    /** The digests of files that are not complete; the eldest goes when there are too many. */
    private static final class Lanes extends LinkedHashMap<Long, MessageDigest> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, MessageDigest> eldest) {
            return size() > MOST_LANES;
        }
    }
}
