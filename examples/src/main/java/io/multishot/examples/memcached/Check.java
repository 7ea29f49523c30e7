package io.multishot.examples.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.Progress;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Sets all keys, then gets them all, and compares.
 *
 * <p>The receivers form a ring: the oldest request is awaited, then its receiver makes the next one. There are twice as
 * many as requests may be in flight. So the table is full most of the time, and this thread waits for room in it, not
 * for the oldest request.
 */
final class Check {
    private final List<byte[]> keys;
    private final MemcachedClient client;
    private final List<Receiver<byte[]>> ring;
    private final Progress progress;

    private final Semaphore bell = new Semaphore(0);
    private final Waker waker = bell::release;

    private final BitSet isStored = new BitSet();
    private long found;
    private long missing;
    private long different;
    private long failed;
    private boolean isLost;

    Check(List<byte[]> keys, MemcachedClient client, int inFlight, Progress progress) {
        this.keys = keys;
        this.client = client;
        this.ring = Stream.generate(Receiver::<byte[]>recycling)
                .limit(2L * inFlight)
                .toList();
        this.progress = progress;
    }

    /** Returns the value that a key is given. */
    static byte[] valueOf(byte[] key) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes("value of ".getBytes(UTF_8));
        value.writeBytes(key);
        return value.toByteArray();
    }

    /** Runs to the end, or to the loss of the connection. */
    void run() throws InterruptedException {
        pass(true);
        pass(false);
    }

    private void pass(boolean isSet) throws InterruptedException {
        int channels = ring.size();
        for (int next = 0; next < keys.size() + channels && !isLost; next++) {
            Receiver<byte[]> receiver = ring.get(next % channels);
            int oldest = next - channels;
            if (oldest >= 0 && (isSet || isStored.get(oldest))) {
                collect(receiver, oldest, isSet);
            }
            if (next < keys.size() && (isSet || isStored.get(next))) {
                request(receiver.sender(), keys.get(next), isSet);
            }
        }
    }

    private void request(Sender<byte[]> sender, byte[] key, boolean isSet) throws InterruptedException {
        while (!(isSet ? client.set(sender, key, valueOf(key)) : client.get(sender, key))) {
            client.onRoom(waker);
            bell.acquire();
        }
    }

    private void collect(Receiver<byte[]> receiver, int index, boolean isSet) throws InterruptedException {
        Poll poll = receiver.poll(waker);
        while (poll == Poll.PENDING) {
            bell.acquire();
            poll = receiver.poll(waker);
        }
        progress.step();
        byte[] key = keys.get(index);
        if (poll != Poll.READY) {
            Throwable cause = receiver.takeFailure();
            failed++;
            problem(key, String.valueOf(cause.getMessage()));
            isLost = !(cause instanceof RequestTimeoutException || cause instanceof MemcachedException);
        } else if (isSet) {
            receiver.take();
            isStored.set(index);
        } else {
            compare(key, receiver.take());
        }
    }

    private void compare(byte[] key, byte[] value) {
        if (value == MemcachedClient.MISSING) {
            missing++;
            problem(key, "missing");
        } else if (Arrays.equals(value, valueOf(key))) {
            found++;
        } else {
            different++;
            problem(key, "has another value, of " + value.length + " bytes");
        }
    }

    private void problem(byte[] key, String text) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(key);
        line.writeBytes((": " + text).getBytes(UTF_8));
        progress.problem(line.toByteArray());
    }

    boolean hadProblems() {
        return found < keys.size();
    }

    /** Returns what was done, on one line. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "keys %,d, stored %,d, found %,d, missing %,d, different %,d, requests failed %,d, replies refused %,d",
                keys.size(),
                isStored.cardinality(),
                found,
                missing,
                different,
                failed,
                client.refused());
    }
}
