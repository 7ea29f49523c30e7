package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.multishot.Poll;
import io.multishot.Waker;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes a request: none, on either side, when the codecs allocate none. Counted exactly, for each thread. */
@Tag("unchecked")
@Timeout(60)
class RemoteAllocationTest {
    private static final int ROUNDS = 20_000;

    /** Few, for a stall of the driver's makes a window appear full, which is a reason to try once more. */
    private static final int ROUNDS_AN_ATTEMPT = 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Waker WAKER = () -> {};

    /** One object stands for all numbers that are the same. */
    private static final class Numbers implements Codec<Long> {
        private static final Long[] VALUES = new Long[100];

        static {
            for (int i = 0; i < VALUES.length; i++) {
                VALUES[i] = (long) i;
            }
        }

        @Override
        public int length(Long message) {
            return message < 50 ? Long.BYTES : 10_000; // the others do not fit into a fragment
        }

        @Override
        public void encode(Long message, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, message);
        }

        @Override
        public Long decode(DirectBuffer buffer, int offset, int length) {
            return VALUES[(int) buffer.getLong(offset)];
        }
    }

    /** Everything on this thread: the requester, the responder and the engine. */
    private static long bytesOf(LongSupplier round) {
        for (int i = 0; i < ROUNDS; i++) {
            round.getAsLong();
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50 && least != 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS_AN_ATTEMPT; i++) {
                round.getAsLong();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static long bytes(long request, boolean dropped) throws InterruptedException {
        try (EngineFixture fixture = new EngineFixture();
                Engine invoked = Engine.invoked(fixture.engine.aeron());
                Responder unused = Responder.builder(invoked, new Numbers(), new Numbers())
                        .open((value, sender) -> {
                            if ((dropped ? sender.drop() : sender.send(value)) != SendResult.ACCEPTED) {
                                throw new AssertionError("refused");
                            }
                        });
                Requester<Long, Long> requester =
                        Requester.builder(invoked, new Numbers(), new Numbers()).open();
                Call<Long> call = new Call<>()) {
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();
            Long value = Numbers.VALUES[(int) request];
            return bytesOf(() -> {
                while (call.ask(requester, value) != SendResult.ACCEPTED) {
                    invoked.work();
                }
                Poll outcome;
                while ((outcome = call.receiver().poll(WAKER)) == Poll.PENDING) {
                    invoked.work();
                }
                return outcome == Poll.READY ? call.receiver().take() : -1;
            });
        }
    }

    @Test
    void aRequestThatIsAnsweredAllocatesNothing() throws InterruptedException {
        assertThat(bytes(7, false)).isZero();
    }

    @Test
    void aRequestThatIsDroppedAllocatesNothing() throws InterruptedException {
        assertThat(bytes(7, true)).isZero();
    }

    @Test
    void aRequestThatIsLargerThanAFragmentAllocatesNothing() throws InterruptedException {
        assertThat(bytes(77, false)).isZero();
    }
}
