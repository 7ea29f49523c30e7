package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Cleaner;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sender that is done leaves the leak watch's list at once, though its holder may keep it for long. */
@Tag("checked")
class ForgottenSenderTest {
    private final Receiver<String> receiver = new Receiver<>();

    private enum Ending {
        SEND,
        FAIL,
        DROP,
        ABANDON
    }

    private boolean end(Sender<String> sender, Ending ending) {
        return switch (ending) {
            case SEND -> sender.send("value");
            case FAIL -> sender.fail(new RuntimeException("broken"));
            case DROP -> sender.drop();
            case ABANDON -> receiver.abandon();
        };
    }

    /** Takes the place of the sender's entry in the list, and counts how often it is asked to leave. */
    private static AtomicInteger departuresOf(Sender<?> sender) throws ReflectiveOperationException {
        AtomicInteger departures = new AtomicInteger();
        Field watch = CheckedSender.Cell.class.getDeclaredField("leakWatch");
        watch.setAccessible(true);
        CheckedSender.Cell<?> cell = ((CheckedSender<?>) sender).cell();
        assertThat(watch.get(cell)).as("the entry").isInstanceOf(Cleaner.Cleanable.class);
        watch.set(cell, (Cleaner.Cleanable) departures::incrementAndGet);
        return departures;
    }

    @ParameterizedTest
    @EnumSource
    void aSenderThatIsDoneLeavesTheList(Ending ending) throws Exception {
        Sender<String> sender = receiver.sender();
        AtomicInteger departures = departuresOf(sender);
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(departures).as("still watched").hasValue(0);
        assertThat(end(sender, ending)).isTrue();
        assertThat(departures).hasValue(1);
    }
}
