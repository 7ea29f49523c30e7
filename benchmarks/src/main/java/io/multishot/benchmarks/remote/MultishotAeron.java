package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.multishot.Poll;
import io.multishot.Waker;
import io.multishot.aeron.Call;
import io.multishot.aeron.Codec;
import io.multishot.aeron.Engine;
import io.multishot.aeron.RemoteSender;
import io.multishot.aeron.Requester;
import io.multishot.aeron.Responder;
import io.multishot.aeron.SendResult;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Each side works on its own thread, as the floor does. */
@Contender(value = "multishot-aeron, engines invoked", role = Role.OURS)
public class MultishotAeron extends OverAeron {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Waker NO_WAKER = () -> {};

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
    public MultishotAeron() {}

    @Override
    void open(Aeron client, String requestChannel, String replyChannel) {
        requesters = engine(client);
        responders = engine(client);
        Responder unused = Responder.builder(responders, numbers, numbers)
                .channel(requestChannel)
                .recycling()
                .open(MultishotAeron::reply);
        requester = Requester.builder(requesters, numbers, numbers)
                .channel(requestChannel)
                .replyChannel(replyChannel)
                .peerTimeout(PATIENCE)
                .open();
    }

    Engine engine(Aeron client) {
        return Engine.invoked(client);
    }

    private static void reply(Long number, RemoteSender<Long> sender) {
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
        while (call.receiver().poll(NO_WAKER) == Poll.PENDING) {
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

    /** Each side has an engine with a thread of its own, and the requester blocks. */
    @Contender(value = "multishot-aeron, engines with threads, blocking", role = Role.OURS, place = 1)
    public static class Blocking extends MultishotAeron {
        /** For JMH. */
        public Blocking() {}

        @Override
        Engine engine(Aeron client) {
            return Engine.of(client);
        }

        @Override
        Long await() throws InterruptedException {
            return call.receiver().receive();
        }

        @Override
        int serve() {
            LockSupport.parkNanos(IDLE_NANOS);
            return 1;
        }
    }

    /** Small numbers, each of which is one object, so that decoding makes none. */
    static final class Numbers implements Codec<Long> {
        private static final Long[] ALL = new Long[64];

        static {
            for (int i = 0; i < ALL.length; i++) {
                ALL[i] = (long) i;
            }
        }

        static Long of(long number) {
            return ALL[(int) number];
        }

        @Override
        public int length(Long number) {
            return Long.BYTES;
        }

        @Override
        public void encode(Long number, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, number);
        }

        @Override
        public Long decode(DirectBuffer buffer, int offset, int length) {
            return of(buffer.getLong(offset));
        }
    }
}
