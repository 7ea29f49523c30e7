package io.multishot.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A channel whose senders nobody uses stands still, and that is noticed. */
class HangTest {
    @Test
    void a_channel_without_progress_is_reported() throws InterruptedException {
        Ledger ledger = new Ledger();
        Setting setting = new Setting(1, false, ledger, new LinkedBlockingQueue<>(), Runnable::run, () -> false);
        Channel channel = new Channel(0, false, setting);
        Watchdog watchdog = new Watchdog(List.of(channel), ledger, TimeUnit.MILLISECONDS.toNanos(50));
        Threads.start("stuck", false, channel);

        for (int i = 0; i < 500 && ledger.isGood(); i++) {
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
