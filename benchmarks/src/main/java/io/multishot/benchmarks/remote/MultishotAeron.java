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
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Each side works on its own thread, as the floor does. */
@Contender(value = "multishot-aeron, engines invoked", role = Role.OURS)
public class MultishotAeron extends OverAeron {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_IN_FLIGHT = 4_096;
    private static final Waker NO_WAKER = () -> {};

    final Call<Long> call = new Call<>();
    private final Numbers numbers = new Numbers();

    /** Calls that are not in flight. */
    private final ArrayDeque<Asking> ready = new ArrayDeque<>();

    /** Calls whose reply is there. */
    @SuppressWarnings("NullAway.Init")
    private Queue<Asking> done;

    private final Long request = Numbers.of(REQUEST);

    @SuppressWarnings("NullAway.Init")
    private Engine requesters;

    @SuppressWarnings("NullAway.Init")
    private Engine responders;

    @SuppressWarnings("NullAway.Init")
    private Requester<Long, Long> requester;

    /** How many calls there are where many requests are in flight. */
    private int calls;

    /** For JMH. */
    public MultishotAeron() {}

    /** Returns a queue for wakers, which run on the engine's thread: here, the one that asks. */
    Queue<Asking> newQueue() {
        return new ArrayDeque<>(MAX_IN_FLIGHT);
    }

    @Override
    void open(Aeron client, String requestChannel, String replyChannel) {
        done = newQueue();
        requesters = engine(client);
        responders = engine(client);
        Responder unused = Responder.builder(responders, numbers, numbers)
                .channel(requestChannel)
                .capacity(MAX_IN_FLIGHT)
                .recycling()
                .open(this::reply);
        requester = Requester.builder(requesters, numbers, numbers)
                .channel(requestChannel)
                .replyChannel(replyChannel)
                .peerTimeout(PATIENCE)
                .capacity(MAX_IN_FLIGHT)
                .open();
    }

    Engine engine(Aeron client) {
        return Engine.invoked(client);
    }

    /** If the requester is closing, the reply is not sent. */
    private void reply(Long number, RemoteSender<Long> sender) {
        while (sender.send(Numbers.of(number + 1)) == SendResult.BACK_PRESSURED) {
            idle();
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
            if (receive() == 0) {
                idle();
            }
        }
        return call.receiver().take();
    }

    @Override
    final long askMany(int inFlight) {
        for (; calls < inFlight; calls++) {
            ready.add(new Asking());
        }
        long last = 0;
        for (int replied = 0; replied < BATCH; replied++) {
            Asking asking;
            while ((asking = done.poll()) == null) {
                if (askReady() + receive() == 0) {
                    idle();
                }
            }
            last = asking.ofOne.receiver().take();
            ready.add(asking);
        }
        return last;
    }

    private int askReady() {
        int asked = 0;
        while (!ready.isEmpty() && ready.peek().ask()) {
            ready.remove();
            asked++;
        }
        return asked;
    }

    /** Lets replies come in. Returns 0 if there were none. */
    int receive() {
        return requesters.work();
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

    /** A call that says when its reply is there. */
    final class Asking implements Waker {
        final Call<Long> ofOne = new Call<>();

        boolean ask() {
            if (ofOne.ask(requester, request) != SendResult.ACCEPTED) {
                return false;
            }
            if (ofOne.receiver().poll(this) != Poll.PENDING) {
                wake();
            }
            return true;
        }

        @Override
        public void wake() {
            done.add(this);
        }
    }

    /** Each side has an engine with a thread of its own, and the requester blocks for a single reply. */
    @Contender(value = "multishot-aeron, engines with threads", role = Role.OURS, place = 1)
    public static class Threads extends MultishotAeron {
        /** For JMH. */
        public Threads() {}

        @Override
        Engine engine(Aeron client) {
            return Engine.of(client);
        }

        @Override
        Long await() throws InterruptedException {
            return call.receiver().receive();
        }

        @Override
        Queue<Asking> newQueue() {
            return new ManyToOneConcurrentArrayQueue<>(MAX_IN_FLIGHT);
        }

        @Override
        int receive() {
            return 0; // the engine's thread does
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
