package io.multishot.aeron;

import java.nio.file.Path;

/** Starts two engines with drivers and does not close them. */
final class EmbeddedMain {
    private EmbeddedMain() {}

    /** Arguments: how to end; a directory for the second driver. */
    public static void main(String... args) throws Exception {
        Engine first = Engine.embedded();
        Engine second = Engine.embedded(Path.of(args[1]));
        System.out.println(ResponderMain.READY);
        switch (args[0]) {
            case "throw" -> throw new IllegalStateException("planned");
            case "exit" -> System.exit(1);
            case "return" -> {
                return;
            }
            default -> {
                // until the parent exits or closes the pipe
                while (System.in.read() >= 0) {
                    Thread.onSpinWait();
                }
            }
        }
        first.close();
        second.close();
    }
}
