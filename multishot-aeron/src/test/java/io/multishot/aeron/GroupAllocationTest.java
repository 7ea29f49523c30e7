package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.multishot.Poll;
import io.multishot.Waker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request through a group, or a hedged one whose first responder replies, allocates nothing on this thread. */
@Tag("unchecked")
@Timeout(60)
class GroupAllocationTest {
    private static final int ROUNDS = 20_000;

    /** Few, because a stall of the driver makes the window appear full, which makes a round allocate. */
    private static final int ROUNDS_PER_ATTEMPT = 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Waker WAKER = () -> {};
    private static final Long VALUE = 7L;

    private static final class Sevens implements Codec<Long> {
        @Override
        public int length(Long message) {
            return Long.BYTES;
        }

        @Override
        public void encode(Long message, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, message);
        }

        @Override
        public Long decode(DirectBuffer buffer, int offset, int length) {
            return VALUE;
        }
    }

    private final EngineFixture fixture = new EngineFixture();
    private final Engine invoked = Engine.invoked(fixture.engine.aeron());
    private final Requester<Long, Long> first = requester(1);
    private final Requester<Long, Long> second = requester(2);

    private Requester<Long, Long> requester(int stream) {
        Responder unused = Responder.builder(invoked, new Sevens(), new Sevens()).stream(stream)
                .recycling()
                .open((value, sender) -> {
                    if (sender.send(value) != SendResult.ACCEPTED) {
                        throw new AssertionError("refused");
                    }
                });
        return Requester.builder(invoked, new Sevens(), new Sevens()).stream(stream)
                .capacity(16)
                .open();
    }

    @BeforeEach
    void connect() throws InterruptedException {
        assertThat(first.awaitConnected(TIMEOUT)).isTrue();
        assertThat(second.awaitConnected(TIMEOUT)).isTrue();
    }

    @AfterEach
    void close() {
        invoked.close();
        fixture.close();
    }

    private static void assertAllocatesNothing(Callable<Long> round) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(round.call()).isSameAs(VALUE);
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50 && least != 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS_PER_ATTEMPT; i++) {
                Long unused = round.call();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    private Long receive(Call<Long> call) {
        while (call.receiver().poll(WAKER) == Poll.PENDING) {
            invoked.work();
        }
        return call.receiver().take();
    }

    private void assertAllocatesNothing(RequesterGroup<Long, Long> group) throws Exception {
        try (Call<Long> call = new Call<>()) {
            assertAllocatesNothing(() -> {
                while (group.ask(call, VALUE) != SendResult.ACCEPTED) {
                    invoked.work();
                }
                return receive(call);
            });
            assertAllocatesNothing(() -> {
                while (group.awaitAsk(call, VALUE, PATIENCE) != SendResult.ACCEPTED) {
                    invoked.work();
                }
                return receive(call);
            });
        }
    }

    @Test
    void roundRobin() throws Exception {
        assertAllocatesNothing(RequesterGroup.roundRobin(List.of(first, second)));
    }

    @Test
    void leastInFlight() throws Exception {
        assertAllocatesNothing(RequesterGroup.leastInFlight(List.of(first, second)));
    }

    @Test
    void hedgedCall() throws Exception {
        try (HedgedCall<Long, Long> call = new HedgedCall<>(List.of(first, second), Duration.ofSeconds(5))) {
            assertAllocatesNothing(() -> call.askAndReceive(VALUE, PATIENCE));
        }
    }
}
