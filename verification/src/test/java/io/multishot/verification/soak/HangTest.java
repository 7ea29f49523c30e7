package io.multishot.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel whose senders nobody uses stands still, and that is noticed. */
@Timeout(60)
class HangTest {
    @Test
    void aChannelWithoutProgressIsReported() throws InterruptedException {
        Ledger ledger = new Ledger();
        Setting setting = new Setting(1, false, ledger, new LinkedBlockingQueue<>(), Runnable::run, () -> false);
        Channel channel = new Channel(0, false, setting);
        Threads.start("stuck", false, channel);
        while (channel.round() == null) {
            Thread.sleep(1);
        }
        Watchdog watchdog = new Watchdog(List.of(channel), ledger, TimeUnit.MILLISECONDS.toNanos(50));

        while (ledger.isGood()) {
            Thread.sleep(10);
            watchdog.look();
        }

        assertThat(ledger.discrepancies())
                .singleElement()
                .asString()
                .startsWith("no progress, in channel 0, round ")
                .contains("Receiver[", "at ");
    }
}
