package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wakers run on the sender's thread, and one that throws never breaks the sender. */
class WakerFaultTest {
    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource
    void itsExceptionGoesToTheUncaughtExceptionHandlerOfTheSendersThread(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Throwable thrown = new Thrown();
        assertThat(receiver.poll(() -> Throwables.sneakyThrow(thrown))).isEqualTo(Poll.PENDING);

        AtomicReference<Throwable> handled = new AtomicReference<>();
        AtomicReference<Thread> handledOn = new AtomicReference<>();
        AtomicReference<Boolean> sent = new AtomicReference<>();
        Thread thread = new Thread(() -> sent.set(sender.send("value")));
        thread.setUncaughtExceptionHandler((on, what) -> {
            handledOn.set(on);
            handled.set(what);
        });
        thread.start();
        thread.join();

        assertThat(handled).hasValue(thrown);
        assertThat(handledOn).hasValue(thread);
        assertThat(sent).hasValue(true);
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfTheHandlerIsIgnored(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(() -> Throwables.sneakyThrow(new Exception("checked, from a waker"))))
                .isEqualTo(Poll.PENDING);

        AtomicReference<Boolean> sent = new AtomicReference<>();
        Thread thread = new Thread(() -> sent.set(sender.fail(new Exception())));
        thread.setUncaughtExceptionHandler((on, what) -> Throwables.sneakyThrow(new Thrown()));
        thread.start();
        thread.join();

        assertThat(sent).hasValue(true);
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void theWakerRunsOnTheSendersThreadAfterTheOutcomeIsVisible(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        AtomicReference<String> seen = new AtomicReference<>();
        AtomicReference<Thread> wokenOn = new AtomicReference<>();
        assertThat(receiver.poll(() -> {
                    wokenOn.set(Thread.currentThread());
                    seen.set(receiver.tryReceive());
                    // the next round may begin here
                    receiver.sender().send("next");
                }))
                .isEqualTo(Poll.PENDING);
        Thread thread = new Thread(() -> sender.send("value"));
        thread.start();
        thread.join();
        assertThat(seen).hasValue("value");
        assertThat(wokenOn).hasValue(thread);
        assertThat(receiver.take()).isEqualTo("next");
    }
}
