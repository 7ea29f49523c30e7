package io.multishot.examples;

import io.multishot.SenderFailedException;
import io.multishot.aeron.Call;
import io.multishot.aeron.Requester;
import io.multishot.aeron.SendResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A worker that has the files it reads hashed by a {@link BlockServer}, block by block. */
final class RemoteWorker extends Worker {
    /** Fits into a message of Aeron with the smallest usual term buffer. */
    private static final int BLOCK_BYTES = 64 * 1024;

    private static final long RETRY_MICROS = 50;

    private final Requester<Block, byte[]> requester;
    private final Call<byte[]> call = new Call<>();
    private final long reader = ThreadLocalRandom.current().nextLong();
    private final byte[] buffer = new byte[BLOCK_BYTES];

    RemoteWorker(BlockingQueue<Request> requests, Requester<Block, byte[]> requester) {
        super(requests);
        this.requester = requester;
    }

    /** Sends the file. The reply to its last block is the digest. */
    @Override
    Digest digest(Request request) throws IOException, InterruptedException {
        try (InputStream file = Files.newInputStream(request.file())) {
            long bytes = 0;
            byte[] reply;
            boolean isLast;
            do {
                int read = file.readNBytes(buffer, 0, BLOCK_BYTES);
                isLast = read < BLOCK_BYTES || request.reply().isAbandoned();
                reply = ask(new Block(reader, bytes == 0, isLast, ByteBuffer.wrap(buffer, 0, read)));
                bytes += read;
            } while (!isLast);
            return new Digest(HexFormat.of().formatHex(reply), bytes);
        } catch (SenderFailedException failed) {
            throw new IOException("Remote worker: " + Console.reason(failed.getCause()), failed);
        }
    }

    private byte[] ask(Block block) throws IOException, InterruptedException {
        SendResult result = call.ask(requester, block);
        while (result == SendResult.BACK_PRESSURED || result == SendResult.FULL) {
            TimeUnit.MICROSECONDS.sleep(RETRY_MICROS);
            result = call.ask(requester, block);
        }
        if (result == SendResult.NOT_CONNECTED) {
            throw new IOException("Remote worker: no responder");
        }
        return call.receiver().receive();
    }
}
