package io.multishot.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;

/** A worker that hashes the files it reads. */
final class LocalWorker extends Worker {
    private final MessageDigest sha256 = sha256();
    private final byte[] buffer = new byte[128 * 1024];

    LocalWorker(BlockingQueue<Request> requests) {
        super(requests);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    Digest digest(Request request) throws IOException {
        sha256.reset();
        long bytes = 0;
        try (InputStream file = Files.newInputStream(request.file())) {
            int read = file.read(buffer);
            while (read >= 0 && !request.reply().isAbandoned()) {
                sha256.update(buffer, 0, read);
                bytes += read;
                read = file.read(buffer);
            }
        }
        return new Digest(HexFormat.of().formatHex(sha256.digest()), bytes);
    }
}
