package io.multishot.examples.sbe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.multishot.Poll;
import io.multishot.Waker;
import io.multishot.aeron.Call;
import io.multishot.aeron.Engine;
import io.multishot.aeron.RemoteSender;
import io.multishot.aeron.Requester;
import io.multishot.aeron.Responder;
import io.multishot.aeron.SendResult;
import io.multishot.examples.sbe.Price.PriceCodec;
import io.multishot.examples.sbe.PriceQuery.QueryCodec;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages over generated flyweights arrive as they were sent, and a round trip allocates nothing. */
@Timeout(60)
class PricesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Waker WAKER = () -> {};

    /** Few, because a stall of the driver makes the window appear full, which makes a round allocate. */
    private static final int ROUNDS_PER_ATTEMPT = 2_000;

    /** Replies with one object, which is sent before the next request is handled. */
    private static final class Exchange {
        private final Price reply = new Price();

        void handle(PriceQuery query, RemoteSender<Price> sender) {
            SendResult result = sender.send(reply.set(query.instrument(), query.quantity() * 250_000L));
            if (result != SendResult.ACCEPTED) {
                throw new AssertionError(result);
            }
        }
    }

    /** The requester, the responder and the engine on one thread. */
    private static final class Prices implements AutoCloseable {
        private final Path directory = Path.of(CommonContext.generateRandomDirName());
        private final Engine driver = Engine.embedded(directory);
        private final Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        private final Engine engine = Engine.invoked(aeron);
        private final PriceCodec replies = new PriceCodec(16);
        private final PriceQuery query = new PriceQuery();
        private final Call<Price> call = new Call<>();
        private final Requester<PriceQuery, Price> requester =
                Requester.builder(engine, new QueryCodec(), replies).open();

        Prices() throws InterruptedException {
            Responder unused = Responder.builder(engine, new QueryCodec(), new PriceCodec(1))
                    .recycling()
                    .open(new Exchange()::handle);
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        }

        Price ask(long instrument, int quantity) {
            while (call.ask(requester, query.set(instrument, quantity)) != SendResult.ACCEPTED) {
                engine.work();
            }
            while (call.receiver().poll(WAKER) == Poll.PENDING) {
                engine.work();
            }
            return call.receiver().take();
        }

        long microsOf(long instrument, int quantity) {
            Price price = ask(instrument, quantity);
            long micros = price.micros();
            replies.giveBack(price);
            return micros;
        }

        @Override
        public void close() {
            engine.close();
            aeron.close();
            driver.close();
        }
    }

    @Test
    void aPriceArrives() throws InterruptedException {
        try (Prices prices = new Prices()) {
            Price first = prices.ask(-7, 3);
            assertThat(first.instrument()).isEqualTo(-7);
            assertThat(first.micros()).isEqualTo(750_000);
            Price second = prices.ask(Long.MAX_VALUE, Integer.MIN_VALUE);
            assertThat(second.instrument()).isEqualTo(Long.MAX_VALUE);
            assertThat(second.micros()).isEqualTo(Integer.MIN_VALUE * 250_000L);
            assertThat(first.micros()).as("not given back yet").isEqualTo(750_000);
            prices.replies.giveBack(first);
            assertThat(prices.ask(1, 1)).isSameAs(first);
        }
    }

    @Test
    @Tag("unchecked")
    void aRoundTripAllocatesNothing() throws InterruptedException {
        try (Prices prices = new Prices()) {
            long sum = 0;
            for (int i = 0; i < 20_000; i++) {
                sum += prices.microsOf(i, 1);
            }
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 50 && least != 0; attempt++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < ROUNDS_PER_ATTEMPT; i++) {
                    sum += prices.microsOf(i, 1);
                }
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
            assertThat(sum % 250_000).isZero();
        }
    }

    @Test
    void whatIsNotTheMessageIsRefused() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        QueryCodec queries = new QueryCodec();
        PriceQuery query = new PriceQuery().set(5, 6);
        queries.encode(query, buffer, 8);
        int length = queries.length(query);
        assertThat(queries.decode(buffer, 8, length).quantity()).isEqualTo(6);
        assertThatIllegalArgumentException().isThrownBy(() -> queries.decode(buffer, 8, length - 1));
        assertThatIllegalStateException().isThrownBy(() -> new PriceCodec(1).decode(buffer, 8, 32));
    }
}
