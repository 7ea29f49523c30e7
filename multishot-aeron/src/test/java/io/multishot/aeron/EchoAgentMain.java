package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;

/** An engine with one agent, which sends back what it receives, in a process of its own. */
final class EchoAgentMain implements EngineAgent {
    static final int STREAM = 7;

    private final String channel;
    private final String replyChannel;
    private Subscription from;
    private Publication to;

    private EchoAgentMain(Aeron aeron, String channel, String replyChannel) {
        this.channel = channel;
        this.replyChannel = replyChannel;
        onNewClient(aeron);
    }

    /** Arguments: the channel to listen on, a directory for the driver, the channel to reply on. */
    public static void main(String... args) throws Exception {
        try (Engine engine = Engine.embedded()) {
            Aeron aeron = engine.aeron();
            engine.add(new EchoAgentMain(aeron, args[0], args[2]), aeron);
            System.out.println(ResponderMain.READY);
            // until the parent exits or closes the pipe
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void onNewClient(Aeron aeron) {
        from = DriverRegistration.addSubscription(aeron, channel, STREAM, image -> {});
        to = DriverRegistration.addPublication(aeron, replyChannel, STREAM);
    }

    @Override
    public int doWork() {
        return from.poll(
                (buffer, offset, length, header) -> {
                    long position = to.offer(buffer, offset, length);
                    if (position < 0) {
                        System.err.println("not echoed: " + position);
                    }
                },
                10);
    }

    @Override
    public String roleName() {
        return "echo";
    }
}
