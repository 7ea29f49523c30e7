package io.multishot.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.verification.soak.SoakRun.HangDetector;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel whose senders nobody uses makes no progress, and that is reported. */
@Timeout(60)
class HangDetectorTest {
    @Test
    void aChannelWithoutProgressIsReported() throws InterruptedException {
        Ledger ledger = new Ledger();
        SoakChannel.Shared shared =
                new SoakChannel.Shared(1, false, ledger, new LinkedBlockingQueue<>(), Runnable::run, () -> false);
        SoakChannel channel = new SoakChannel(0, false, shared);
        SoakRun.startThread("stuck", false, channel);
        while (channel.round() == null) {
            Thread.sleep(1);
        }
        HangDetector detector = new HangDetector(List.of(channel), ledger, TimeUnit.MILLISECONDS.toNanos(50));

        while (ledger.hasNoDiscrepancy()) {
            Thread.sleep(10);
            detector.check();
        }

        assertThat(ledger.discrepancies())
                .singleElement()
                .asString()
                .startsWith("no progress, in channel 0, round ")
                .contains("Receiver[", "at ");
    }
}
