package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.driver.DefaultNameResolver;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.NameResolverAgent;
import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams arrive late, in another order and twice, in both directions of both flows. */
@Timeout(90)
@Tag("unchecked") // once is enough, because it takes seconds; and only this run recycles senders
class FaultyNetworkTest {
    private static final int REQUESTS = 1_000;

    private enum Network {
        SLOW(new UdpProxy.Faults(20, 0, 0)),
        UNORDERED(new UdpProxy.Faults(0, 5, 0)),
        DOUBLING(new UdpProxy.Faults(0, 0, 0.3)),
        ALL_THREE(new UdpProxy.Faults(5, 10, 0.3));

        private final UdpProxy.Faults faults;

        Network(UdpProxy.Faults faults) {
            this.faults = faults;
        }
    }

    /** Sends what is for one port of this host to another. */
    private record Detour(int from, int to) implements NameResolverAgent {
        @Override
        public InetAddress resolve(String name, String uriParameter, boolean isAgain) {
            return DefaultNameResolver.INSTANCE.resolve(name, uriParameter, isAgain);
        }

        @Override
        public String lookup(String name, String uriParameter, boolean isAgain) {
            return name.endsWith(":" + from) ? "127.0.0.1:" + to : name;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestIsAccountedFor(Network network) throws Exception {
        int port = ChildProcess.freePort();
        int replyPort = ChildProcess.freePort();
        try (UdpProxy requests = new UdpProxy(port, network.faults, 1);
                UdpProxy replies = new UdpProxy(replyPort, network.faults, 2)) {
            MediaDriver.Context replying = TwoDrivers.settings().nameResolver(new Detour(replyPort, replies.port()));
            try (TwoDrivers drivers = new TwoDrivers(TwoDrivers.settings(), replying);
                    AccountedLoad load = new AccountedLoad(REQUESTS)) {
                TwoDrivers.assertAllEnd(
                        load,
                        drivers.responder(port),
                        drivers.requester(requests.port()).replyChannel(TwoDrivers.channel(replyPort)));
            }
            for (UdpProxy each : new UdpProxy[] {requests, replies}) {
                assertThat(each.datagrams()).isPositive();
                assertThat(each.overtaken() > 0).isEqualTo(network.faults.jitterMillis() > 0);
                assertThat(each.doubled() > 0).isEqualTo(network.faults.doubled() > 0);
            }
        }
    }
}
