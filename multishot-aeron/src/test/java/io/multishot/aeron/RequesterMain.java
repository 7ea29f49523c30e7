package io.multishot.aeron;

import java.nio.file.Path;

/**
 * A requester in a process of its own, which sends more requests than the responder has capacity for, and then does
 * nothing.
 */
final class RequesterMain {
    private RequesterMain() {}

    /**
     * Arguments: the channel; the directory for a driver of its own; optionally, that of a running driver to use
     * instead.
     */
    public static void main(String... args) throws Exception {
        try (Engine engine = args.length > 2 ? Engine.connected(Path.of(args[2])) : Engine.embedded(Path.of(args[1]));
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(args[0])
                        .open()) {
            boolean found = requester.awaitConnected(EngineFixture.TIMEOUT);
            for (int i = 0; found && i < 100; i++) {
                SendResult unused = new Call<String>().ask(requester, "keep");
            }
            System.out.println(ResponderMain.READY);
            // until the parent exits or closes the pipe
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
