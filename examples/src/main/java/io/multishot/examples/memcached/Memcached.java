package io.multishot.examples.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientProgram;
import io.multishot.examples.wire.Lines;
import io.multishot.examples.wire.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Stores a value for each of many keys in memcached, then asks for all of them, and reports what is not as it was. */
@Command(
        name = "memcached",
        description = "Stores a value for each key, one a line, in memcached. Then asks for all of them, and reports "
                + "each that is missing or has another value.")
public final class Memcached extends ClientProgram {
    private static final class Request {
        final Receiver<byte[]> receiver = Receiver.recycling();
        byte[] key = {};
    }

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> stored = new ArrayList<>();
    private long found;
    private long missing;
    private long different;
    private long failed;
    private long refused;

    Memcached(InputStream in, OutputStream out, PrintStream err) {
        super(11_211, in, out, err);
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main((out, err) -> new Memcached(System.in, out, err), args);
    }

    @Override
    protected void run(Lines lines, Progress progress) throws IOException, InterruptedException {
        for (byte[] key = lines.next(); key != null; key = lines.next()) {
            if (MemcachedClient.isKey(key)) {
                keys.add(key);
            } else {
                progress.problem("line " + lines.number() + ": " + MemcachedClient.whyNoKey(key));
            }
        }
        try (MemcachedClient client = new MemcachedClient(server(), inFlight, timeout())) {
            progress.start("requests", 2L * keys.size());
            try {
                pass(keys, true, client, progress);
                pass(stored, false, client, progress);
            } finally {
                refused = client.refused();
            }
        }
    }

    /** Sets or gets all these keys. */
    private void pass(List<byte[]> keys, boolean isSet, MemcachedClient client, Progress progress)
            throws IOException, InterruptedException {
        Window<Request> window = new Window<>(inFlight, Request::new, request -> finish(request, isSet, progress), out);
        for (byte[] key : keys) {
            Request request = window.next();
            request.key = key;
            Sender<byte[]> sender = request.receiver.sender();
            while (!(isSet ? client.set(sender, key, valueOf(key)) : client.get(sender, key))) {
                window.awaitRoom(client::onRoom);
            }
        }
        window.finishAll();
    }

    private static byte[] valueOf(byte[] key) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes("value of ".getBytes(UTF_8));
        value.writeBytes(key);
        return value.toByteArray();
    }

    private void finish(Request request, boolean isSet, Progress progress) throws IOException, InterruptedException {
        progress.step();
        String name = new String(request.key, UTF_8);
        try {
            byte[] value = request.receiver.receive();
            if (isSet) {
                stored.add(request.key);
            } else if (value == MemcachedClient.MISSING) {
                missing++;
                progress.problem(name + ": missing");
            } else if (Arrays.equals(value, valueOf(request.key))) {
                found++;
            } else {
                different++;
                progress.problem(name + ": has another value, of " + value.length + " bytes");
            }
        } catch (SenderFailedException noReply) {
            failed++;
            reportFailure(name, noReply, progress);
        }
    }

    @Override
    protected String figures(double seconds) {
        return String.format(
                Locale.ROOT,
                "keys %,d, stored %,d, found %,d, missing %,d, different %,d, requests failed %,d, replies refused %,d",
                keys.size(),
                stored.size(),
                found,
                missing,
                different,
                failed,
                refused);
    }
}
