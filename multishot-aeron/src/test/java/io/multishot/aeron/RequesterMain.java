package io.multishot.aeron;

import java.nio.file.Path;

/**
 * A requester in a process of its own, which asks until the responder's buffer has more than it takes out, and then
 * does nothing.
 */
final class RequesterMain {
    private RequesterMain() {}

    /**
     * Arguments: the channel; a directory for a driver of its own; that of one which runs, if it is to use that
     * instead.
     */
    public static void main(String... args) throws Exception {
        try (Engine engine = args.length > 2 ? Engine.connected(Path.of(args[2])) : Engine.embedded(Path.of(args[1]));
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(args[0])
                        .open()) {
            boolean found = requester.awaitConnected(EngineFixture.PATIENCE);
            for (int i = 0; found && i < 100; i++) {
                SendResult unused = new Call<String>().ask(requester, "keep");
            }
            System.out.println(ResponderMain.READY);
            // until whoever started this goes, or says so
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
