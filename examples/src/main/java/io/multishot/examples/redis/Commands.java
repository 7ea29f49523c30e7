package io.multishot.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.examples.Progress;
import io.multishot.examples.redis.Reply.Kind;
import io.multishot.examples.wire.Lines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of the input on one thread, and prints the replies on another one, in the order of the commands.
 *
 * <p>There are twice as many receivers as commands may be in flight, so that the next commands are under way while the
 * replies to the last ones are printed. If the queue of the client is full, the sending thread waits for room.
 */
final class Commands {
    private static final Set<String> WITHOUT_ONE_REPLY = Set.of(
            "SUBSCRIBE",
            "PSUBSCRIBE",
            "SSUBSCRIBE",
            "UNSUBSCRIBE",
            "PUNSUBSCRIBE",
            "SUNSUBSCRIBE",
            "MONITOR",
            "SYNC",
            "PSYNC");
    private static final Set<String> END = Set.of("QUIT", "EXIT");

    /** A command on its way from the one thread to the other. */
    private static final class Call {
        final Receiver<Reply> receiver = Receiver.recycling();
        long line;

        /** What to print, if the command was not sent. */
        @Nullable String instead;

        /** Whether that is a problem, instead of a result. */
        boolean isProblem;
    }

    private final Lines lines;
    private final RedisClient client;
    private final OutputStream out;
    private final Progress progress;

    private final BlockingQueue<Call> idle;
    private final BlockingQueue<Call> called;
    private final Call end = new Call();
    private volatile @Nullable Throwable sendingFailure;

    private final Semaphore room = new Semaphore(0);
    private final Waker onRoom = room::release;
    private final Semaphore outcome = new Semaphore(0);
    private final Waker onOutcome = outcome::release;

    private final long start = System.nanoTime();
    private long commands;
    private long errors;
    private long unanswered;

    Commands(Lines lines, RedisClient client, int inFlight, OutputStream out, Progress progress) {
        this.lines = lines;
        this.client = client;
        this.out = out;
        this.progress = progress;
        this.idle = new ArrayBlockingQueue<>(2 * inFlight);
        this.called = new ArrayBlockingQueue<>(2 * inFlight + 1);
        for (int i = 0; i < 2 * inFlight; i++) {
            idle.add(new Call());
        }
    }

    /** Runs all commands, until the end of the input or the loss of the connection. */
    void run() throws IOException, InterruptedException {
        Thread sending = new Thread(this::send, "redis-input");
        sending.setDaemon(true); // it may be reading from a terminal
        sending.start();
        try {
            while (print(next())) {}
        } finally {
            sending.interrupt();
        }
        if (sendingFailure instanceof FileSystemException unreadable) {
            throw unreadable;
        }
        if (sendingFailure != null) {
            throw new IllegalStateException("the rest of the commands cannot be sent", sendingFailure);
        }
    }

    // ------------------------------------------------------------------ the sending thread

    private void send() {
        try {
            boolean more = true;
            while (more) {
                byte[] line = lines.next();
                more = line != null && send(line);
            }
        } catch (InterruptedException stopped) {
            return; // the printing thread has ended
        } catch (Throwable thrown) { // of any kind, because the printing thread waits for the end
            sendingFailure = thrown;
        }
        called.add(end); // there is a place more than there are calls
    }

    /** Returns false if the line ends the program. */
    private boolean send(byte[] line) throws InterruptedException {
        List<byte[]> arguments = InputLine.split(line);
        if (arguments == null) {
            printInstead("Invalid argument(s)\n", false);
            return true;
        }
        if (arguments.isEmpty()) {
            return true;
        }
        String first = new String(arguments.get(0), ISO_8859_1);
        long times = 1;
        if (arguments.size() > 1 && first.matches("|[ \t-\r]*[+-]?[0-9]+")) {
            times = repetitions(first);
            arguments = arguments.subList(1, arguments.size());
        }
        if (times <= 0) {
            printInstead("Invalid redis-cli repeat command option value.\n", false);
            return true;
        }
        if (END.contains(first.toUpperCase(Locale.ROOT))) {
            return false;
        }
        if (!hasOneReply(arguments)) {
            printInstead("it may not have exactly one reply, so it was not sent; use redis-cli", true);
            return true;
        }
        for (long i = 0; i < times; i++) {
            send(arguments);
        }
        return true;
    }

    /** Returns how often a command is repeated, or 0 if the number is of no use. */
    private static long repetitions(String number) {
        try {
            return number.isEmpty() ? 0 : Long.parseLong(number.strip());
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }

    private static boolean hasOneReply(List<byte[]> arguments) {
        String name = new String(arguments.get(0), ISO_8859_1).toUpperCase(Locale.ROOT);
        String option = arguments.size() < 2 ? "" : new String(arguments.get(1), ISO_8859_1).toUpperCase(Locale.ROOT);
        return !WITHOUT_ONE_REPLY.contains(name) && !(name.equals("CLIENT") && option.equals("REPLY"));
    }

    private void send(List<byte[]> arguments) throws InterruptedException {
        Call call = idleCall();
        Sender<Reply> sender = call.receiver.sender();
        while (!client.send(sender, arguments)) {
            client.onRoom(onRoom);
            room.acquire();
        }
        called.add(call);
    }

    private void printInstead(String text, boolean isProblem) throws InterruptedException {
        Call call = idleCall();
        call.instead = text;
        call.isProblem = isProblem;
        called.add(call);
    }

    private Call idleCall() throws InterruptedException {
        Call call = idle.take();
        call.line = lines.number();
        call.instead = null;
        return call;
    }

    // ------------------------------------------------------------------ the printing thread

    private Call next() throws IOException, InterruptedException {
        Call call = called.poll();
        if (call == null) {
            out.flush(); // the writer of the commands may wait for this
            call = called.take();
        }
        return call;
    }

    /** Prints the outcome of a call. Returns false if there will be no more. */
    private boolean print(Call call) throws IOException, InterruptedException {
        if (call == end) {
            return false;
        }
        boolean goesOn = true;
        if (call.instead == null) {
            goesOn = printOutcome(call);
        } else if (call.isProblem) {
            noReply(call, call.instead);
        } else {
            out.write(call.instead.getBytes(ISO_8859_1));
        }
        idle.add(call);
        return goesOn;
    }

    private boolean printOutcome(Call call) throws IOException, InterruptedException {
        commands++;
        progress.step();
        Poll poll = call.receiver.poll(onOutcome);
        if (poll == Poll.PENDING) {
            out.flush();
            while (poll == Poll.PENDING) {
                outcome.acquire();
                poll = call.receiver.poll(onOutcome);
            }
        }
        if (poll == Poll.READY) {
            Reply reply = call.receiver.take();
            errors += reply.kind() == Kind.ERROR ? 1 : 0;
            reply.writeTo(out);
            out.write('\n');
            return true;
        }
        Throwable cause = call.receiver.takeFailure();
        noReply(call, String.valueOf(cause.getMessage()));
        return cause instanceof RequestTimeoutException;
    }

    private void noReply(Call call, String reason) throws IOException {
        unanswered++;
        out.flush();
        progress.problem("line " + call.line + ": " + reason);
    }

    // ------------------------------------------------------------------ what was done

    boolean hadProblems() {
        return unanswered > 0;
    }

    /** Returns what was done, on one line. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "commands %,d, error replies %,d, without a reply %,d, seconds %.3f",
                commands,
                errors,
                unanswered,
                (System.nanoTime() - start) / 1e9);
    }
}
