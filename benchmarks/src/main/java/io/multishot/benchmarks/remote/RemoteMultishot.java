package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.multishot.Poll;
import io.multishot.Waker;
import io.multishot.aeron.Call;
import io.multishot.aeron.Engine;
import io.multishot.aeron.RemoteSender;
import io.multishot.aeron.Requester;
import io.multishot.aeron.Responder;
import io.multishot.aeron.SendResult;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.time.Duration;

/** Each side works on its own thread, as the floor does. */
@Contender(value = "multishot-aeron, engines invoked", role = Role.OURS)
public class RemoteMultishot extends OverAeron {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Waker NOBODY = () -> {};

    final Call<Long> call = new Call<>();
    private final Numbers numbers = new Numbers();
    private final Long request = Numbers.of(REQUEST);

    @SuppressWarnings("NullAway.Init")
    private Engine requesters;

    @SuppressWarnings("NullAway.Init")
    private Engine responders;

    @SuppressWarnings("NullAway.Init")
    private Requester<Long, Long> requester;

    /** For JMH. */
    public RemoteMultishot() {}

    @Override
    void open(Aeron client, String requestChannel, String replyChannel) {
        requesters = engine(client);
        responders = engine(client);
        Responder unused = Responder.builder(responders, numbers, numbers)
                .channel(requestChannel)
                .open(RemoteMultishot::answer);
        requester = Requester.builder(requesters, numbers, numbers)
                .channel(requestChannel)
                .replyChannel(replyChannel)
                .peerTimeout(PATIENCE)
                .open();
    }

    Engine engine(Aeron client) {
        return Engine.invoked(client);
    }

    private static void answer(Long number, RemoteSender<Long> sender) {
        if (sender.send(Numbers.of(number + 1)) != SendResult.ACCEPTED) {
            throw new IllegalStateException("the reply was refused");
        }
    }

    @Override
    void connect() throws InterruptedException {
        if (!requester.awaitConnected(PATIENCE)) {
            throw new IllegalStateException("not connected");
        }
    }

    @Override
    final long ask() throws InterruptedException {
        while (call.ask(requester, request) != SendResult.ACCEPTED) {
            idle();
        }
        return await();
    }

    Long await() throws InterruptedException {
        while (call.receiver().poll(NOBODY) == Poll.PENDING) {
            if (requesters.work() == 0) {
                idle();
            }
        }
        return call.receiver().take();
    }

    @Override
    int serve() {
        return responders.work();
    }

    @Override
    void closeEnds() {
        requesters.close();
        responders.close();
    }
}
