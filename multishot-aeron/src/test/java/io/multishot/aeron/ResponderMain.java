package io.multishot.aeron;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** A responder in a process of its own, which does what the requests say. */
final class ResponderMain {
    static final String READY = "ready";

    private static final BlockingQueue<RemoteSender<String>> KEPT = new LinkedBlockingQueue<>();
    private static final AtomicReference<Responder> RESPONDER = new AtomicReference<>();

    private ResponderMain() {}

    /**
     * Arguments: the channel; a directory for a driver of its own; that of one which runs, if it is to use that
     * instead.
     */
    public static void main(String... args) throws Exception {
        try (Engine engine = args.length > 2 ? Engine.connected(Path.of(args[2])) : Engine.embedded(Path.of(args[1]));
                Responder responder = Responder.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(args[0])
                        .open(ResponderMain::handle)) {
            RESPONDER.set(responder);
            System.out.println(READY);
            // until whoever started this goes, or says so
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
                    released += tell(KEPT.remove(), "kept") == SendResult.ACCEPTED ? 1 : 0;
                }
                EngineFixture.answer(sender, "released " + released);
            }
            case "ignored" ->
                EngineFixture.answer(sender, String.valueOf(RESPONDER.get().ignored()));
            case "close" -> RESPONDER.get().close();
            case "halt" -> Runtime.getRuntime().halt(1);
            default -> EngineFixture.answer(sender, request);
        }
    }

    /** Answers, whether or not anybody wants it. */
    static SendResult tell(RemoteSender<String> sender, String reply) {
        SendResult offer;
        do {
            offer = sender.send(reply);
        } while (offer == SendResult.BACK_PRESSURED);
        return offer;
    }
}
