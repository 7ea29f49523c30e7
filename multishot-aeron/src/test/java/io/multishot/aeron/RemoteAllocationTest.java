package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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

/** A request allocates nothing on either side, if the codecs do not. Counted exactly, in bytes of one thread. */
@Tag("unchecked")
@Timeout(60)
class RemoteAllocationTest {
    private static final int ROUNDS = 20_000;

    /** Few, because a stall of the driver makes the window appear full, which makes a round allocate. */
    private static final int ROUNDS_PER_ATTEMPT = 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Waker WAKER = () -> {};

    /** Decodes equal numbers to the same object, so it allocates nothing. */
    private static final class Numbers implements Codec<Long> {
        private static final Long[] VALUES = new Long[100];

        static {
            for (int i = 0; i < VALUES.length; i++) {
                VALUES[i] = (long) i;
            }
        }

        @Override
        public int length(Long message) {
            return message < 50 ? Long.BYTES : 10_000; // larger than a fragment
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

    /** Runs the requester, the responder and the engine on this thread. */
    private static long bytesPerAttempt(LongSupplier round) {
        for (int i = 0; i < ROUNDS; i++) {
            round.getAsLong();
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 50 && least != 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS_PER_ATTEMPT; i++) {
                round.getAsLong();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static long allocatedBytes(long request, boolean dropped) throws InterruptedException {
        try (EngineFixture fixture = new EngineFixture();
                Engine invoked = Engine.invoked(fixture.engine.aeron());
                Responder unused = Responder.builder(invoked, new Numbers(), new Numbers())
                        .recycling()
                        .open((value, sender) -> {
                            if ((dropped ? sender.drop() : sender.send(value)) != SendResult.ACCEPTED) {
                                throw new AssertionError("refused");
                            }
                        });
                Requester<Long, Long> requester =
                        Requester.builder(invoked, new Numbers(), new Numbers()).open();
                Call<Long> call = new Call<>()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            Long value = Numbers.VALUES[(int) request];
            return bytesPerAttempt(() -> {
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
        assertThat(allocatedBytes(7, false)).isZero();
    }

    @Test
    void aRequestThatIsDroppedAllocatesNothing() throws InterruptedException {
        assertThat(allocatedBytes(7, true)).isZero();
    }

    @Test
    void aRequestThatIsLargerThanAFragmentAllocatesNothing() throws InterruptedException {
        assertThat(allocatedBytes(77, false)).isZero();
    }
}
