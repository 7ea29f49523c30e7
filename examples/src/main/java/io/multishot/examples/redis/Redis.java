package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.redis.Reply.Kind;
import io.multishot.examples.wire.ClientProgram;
import io.multishot.examples.wire.Lines;
import io.multishot.examples.wire.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Runs the Redis commands of a file, and prints what {@code redis-cli} prints for the same input, only sooner. */
@Command(
        name = "redis",
        description = "Runs commands of Redis, one a line, and prints what redis-cli prints if its output is no "
                + "terminal. Does not wait for a reply before it sends the next command. A command that fails has a "
                + "reply, too. Commands without exactly one reply, such as SUBSCRIBE, are refused.")
public final class Redis extends ClientProgram {
    private static final class Call {
        final Receiver<Reply> receiver = Receiver.recycling();
        long line;
    }

    private long commands;
    private long errors;
    private long unanswered;

    Redis(InputStream in, OutputStream out, PrintStream err) {
        super(6379, in, out, err);
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main((out, err) -> new Redis(System.in, out, err), args);
    }

    @Override
    protected void run(Lines lines, Progress progress) throws IOException, InterruptedException {
        try (RedisClient client = new RedisClient(server(), inFlight, timeout())) {
            progress.start("commands", Progress.UNKNOWN);
            Window<Call> window = new Window<>(inFlight, Call::new, call -> print(call, progress), out);
            for (byte[] line = window.nextLine(lines); line != null; line = window.nextLine(lines)) {
                InputLine input;
                try {
                    input = InputLine.of(line);
                } catch (IllegalArgumentException invalid) {
                    window.finishAll(); // the lines before this one come first
                    out.write((invalid.getMessage() + "\n").getBytes(ISO_8859_1));
                    continue;
                }
                if (input.isEnd()) {
                    break;
                }
                for (long i = 0; i < input.times(); i++) {
                    Call call = window.next();
                    call.line = lines.number();
                    send(call.receiver.sender(), input, client, window);
                }
            }
            window.finishAll();
        }
    }

    private static void send(Sender<Reply> sender, InputLine input, RedisClient client, Window<Call> window)
            throws IOException, InterruptedException {
        if (!input.hasOneReply()) {
            sender.fail(new IOException("it may not have exactly one reply, so it was not sent; use redis-cli"));
            return;
        }
        while (!client.send(sender, input.arguments())) {
            window.awaitRoom(client::onRoom);
        }
    }

    private void print(Call call, Progress progress) throws IOException, InterruptedException {
        commands++;
        progress.step();
        try {
            Reply reply = call.receiver.tryReceive();
            if (reply == null) {
                out.flush(); // the writer of the commands may wait for what was printed
                reply = call.receiver.receive();
            }
            errors += reply.kind() == Kind.ERROR ? 1 : 0;
            reply.writeTo(out);
            out.write('\n');
        } catch (SenderFailedException failed) {
            unanswered++;
            reportFailure("line " + call.line, failed, progress);
        }
    }

    @Override
    protected String figures(double seconds) {
        return String.format(
                Locale.ROOT,
                "commands %,d, error replies %,d, without a reply %,d, seconds %.3f",
                commands,
                errors,
                unanswered,
                seconds);
    }
}
