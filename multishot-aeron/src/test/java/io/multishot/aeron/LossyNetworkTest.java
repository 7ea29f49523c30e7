package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.driver.ext.RandomLossGenerator;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Aeron loses frames where it sends and where it receives, at both drivers, by its own debug endpoints: of data, or of
 * what controls it (status messages, NAKs and set-ups).
 */
@Timeout(90)
@Tag("unchecked") // once is enough, because it takes seconds; and only this run recycles senders
class LossyNetworkTest {
    private final AtomicLong dropped = new AtomicLong();
    private long seed;

    private LossGenerator loss(double rate) {
        LossGenerator random = new RandomLossGenerator(rate, ++seed);
        return (address, buffer, length) -> {
            boolean drops = rate > 0 && random.shouldDropFrame(address, buffer, length);
            if (drops) {
                dropped.incrementAndGet();
            }
            return drops;
        };
    }

    private MediaDriver.Context driver(double data, double control) {
        return TwoDrivers.settings()
                .sendChannelEndpointSupplier((channel, status, context) ->
                        new DebugSendChannelEndpoint(channel, status, context, loss(data), loss(control)))
                .receiveChannelEndpointSupplier(
                        (channel, dispatcher, status, context) -> new DebugReceiveChannelEndpoint(
                                channel, dispatcher, status, context, loss(data), loss(control)));
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.01, 1000", "0.1, 0.1, 1000", "0.5, 0, 300", "0, 0.5, 300", "0.5, 0.5, 300"})
    void everyRequestIsAccountedFor(double data, double control, int requests) throws Exception {
        int port = ChildProcess.freePort();
        try (TwoDrivers drivers = new TwoDrivers(driver(data, control), driver(data, control));
                AccountedLoad load = new AccountedLoad(requests)) {
            TwoDrivers.assertAllEnd(load, drivers.responder(port), drivers.requester(port));
        }
        assertThat(dropped).hasPositiveValue();
    }
}
