package io.multishot.aeron;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** A responder in a process of its own, which carries out commands that it gets as requests. */
final class ResponderMain {
    static final String READY = "ready";

    private static final BlockingQueue<RemoteSender<String>> KEPT = new LinkedBlockingQueue<>();
    private static final AtomicReference<Responder> RESPONDER = new AtomicReference<>();

    private ResponderMain() {}

    /**
     * Arguments: the channel; the directory for a driver of its own; optionally, that of a running driver to use
     * instead.
     */
    public static void main(String... args) throws Exception {
        try (Engine engine = args.length > 2 ? Engine.connected(Path.of(args[2])) : Engine.embedded(Path.of(args[1]));
                Responder responder = Responder.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(args[0])
                        .open(ResponderMain::handle)) {
            RESPONDER.set(responder);
            System.out.println(READY);
            // until the parent exits or closes the pipe
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static void handle(String request, RemoteSender<String> sender) {
        switch (request) {
            case "keep" -> KEPT.add(sender);
            case "release" -> {
                int released = 0;
                while (!KEPT.isEmpty()) {
                    released += trySend(KEPT.remove(), "kept") == SendResult.ACCEPTED ? 1 : 0;
                }
                EngineFixture.reply(sender, "released " + released);
            }
            case "ignored" ->
                EngineFixture.reply(sender, String.valueOf(RESPONDER.get().ignored()));
            case "close" -> RESPONDER.get().close();
            case "halt" -> Runtime.getRuntime().halt(1);
            default -> EngineFixture.reply(sender, request);
        }
    }

    /** Replies, even if the requester is gone. */
    static SendResult trySend(RemoteSender<String> sender, String reply) {
        SendResult result;
        do {
            result = sender.send(reply);
        } while (result == SendResult.BACK_PRESSURED);
        return result;
    }
}
