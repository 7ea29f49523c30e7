package consumer;

import io.multishot.Receiver;
import io.multishot.Sender;

/** Receives one value, and says how the library was found. */
final class Main {
    public static void main(String[] args) throws InterruptedException {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        new Thread(() -> sender.send("hello")).start();
        String path = Receiver.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println(receiver.receive() + " from the " + path);
    }

    private Main() {}
}
