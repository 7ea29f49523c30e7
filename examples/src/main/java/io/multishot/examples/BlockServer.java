package io.multishot.examples;

import io.multishot.aeron.Codec;
import io.multishot.aeron.Engine;
import io.multishot.aeron.RemoteSender;
import io.multishot.aeron.Responder;
import io.multishot.aeron.SendResult;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** Hashes blocks of files that other processes read: the responder of {@code --serve}. */
final class BlockServer {
    /** The greatest number of requests in flight, on either side. */
    static final int CAPACITY = 1024;

    /** A reader that does not finish its file is forgotten when this many others have begun one. */
    private static final int MAX_INCOMPLETE = 10_000;

    /** The digests of incomplete files, by reader. Used on the engine's thread only. */
    private final Map<Long, MessageDigest> incomplete = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, MessageDigest> eldest) {
            return size() > MAX_INCOMPLETE;
        }
    };

    private final Workers threads;

    private BlockServer(Workers threads) {
        this.threads = threads;
    }

    /** Serves a channel until the process is terminated. */
    static void serve(String channel, int workers, PrintStream err) {
        try (ShutdownSignalBarrier shutdown = new ShutdownSignalBarrier();
                Engine engine = Engine.embedded();
                Workers threads = new Workers("checksums-worker", workers);
                Responder responder = Responder.builder(engine, Block.CODEC, Codec.bytes())
                        .channel(channel)
                        .capacity(CAPACITY)
                        .open(new BlockServer(threads)::accept)) {
            err.println("checksums: serving as " + responder);
            shutdown.await();
        }
    }

    private void accept(Block block, RemoteSender<byte[]> sender) {
        MessageDigest sha256 = block.isFirst() ? LocalWorker.sha256() : incomplete.get(block.reader());
        if (sha256 == null) {
            throw new IllegalStateException("the first block of this file is unknown here");
        }
        if (block.isLast()) {
            incomplete.remove(block.reader());
        } else {
            incomplete.put(block.reader(), sha256);
        }
        threads.execute(() -> answer(block, sha256, sender));
    }

    /** Replies with the digest if this is the last block. A reader awaits each reply, so it never shares a digest. */
    private static void answer(Block block, MessageDigest sha256, RemoteSender<byte[]> sender) {
        sha256.update(block.bytes());
        byte[] reply = block.isLast() ? sha256.digest() : new byte[0];
        while (sender.send(reply) == SendResult.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
    }
}
