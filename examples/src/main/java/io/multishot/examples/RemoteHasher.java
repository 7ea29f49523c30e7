package io.multishot.examples;

import io.multishot.SenderFailedException;
import io.multishot.aeron.Call;
import io.multishot.aeron.Requester;
import io.multishot.aeron.SendResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker that reads files here, and has them hashed in another process, block after block. It answers one request
 * after the other, until it is interrupted.
 */
final class RemoteHasher implements Runnable {
    /** Fits into the largest message of Aeron's smallest usual term. */
    private static final int BLOCK_BYTES = 64 * 1024;

    private static final long A_MOMENT_NANOS = 50_000;

    private final BlockingQueue<Request> requests;
    private final Requester<Block, byte[]> requester;
    private final Call<byte[]> call = new Call<>();
    private final long lane = ThreadLocalRandom.current().nextLong();
    private final byte[] buffer = new byte[BLOCK_BYTES];

    RemoteHasher(BlockingQueue<Request> requests, Requester<Block, byte[]> requester) {
        this.requests = requests;
        this.requester = requester;
    }

    @Override
    public void run() {
        try (call) {
            while (true) {
                answer(requests.take());
            }
        } catch (InterruptedException stopped) {
            // The reader is done, and nobody waits for an answer any more.
        }
    }

    /** Answers whatever happens, errors included: the reader waits for it. Consumes the sender as its last act. */
    private void answer(Request request) throws InterruptedException {
        Digest digest;
        try {
            digest = digest(request);
        } catch (SenderFailedException failed) {
            request.answer().fail(new IOException("Remote worker: " + Reason.of(failed.getCause()), failed));
            return;
        } catch (InterruptedException stopped) {
            request.answer().drop();
            throw stopped;
        } catch (Throwable reason) {
            request.answer().fail(reason);
            return;
        }
        request.answer().send(digest);
    }

    /** Sends the file over. The answer to its last block is the digest. */
    private Digest digest(Request request) throws IOException, InterruptedException {
        try (InputStream file = Files.newInputStream(request.file())) {
            long bytes = 0;
            byte[] answer;
            boolean isLast;
            do {
                int read = file.readNBytes(buffer, 0, buffer.length);
                isLast = read < buffer.length || request.answer().isAbandoned();
                answer = ask(new Block(lane, bytes == 0, isLast, buffer, read));
                bytes += read;
            } while (!isLast);
            return new Digest(HexFormat.of().formatHex(answer), bytes);
        }
    }

    private byte[] ask(Block block) throws IOException, InterruptedException {
        SendResult offer = call.ask(requester, block);
        while (offer == SendResult.BACK_PRESSURED || offer == SendResult.FULL) {
            LockSupport.parkNanos(A_MOMENT_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            offer = call.ask(requester, block);
        }
        if (offer == SendResult.NOT_CONNECTED) {
            throw new IOException("Remote worker: nobody answers");
        }
        return call.receiver().receive();
    }
}
