package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide's "Recycling, guarded, checked". */
class ProtectionTest {
    // tag::levels[]
    private final Receiver<String> recycling = new Receiver<>(); // one sender for all rounds: no garbage
    private final Receiver<String> guarded = Receiver.guarded(); // a small sender for each round
    // end::levels[]

    @Test
    void aGuardedSenderThatIsKeptTooLongTouchesNothing() {
        // tag::levels-stale[]
        Sender<String> stale = guarded.sender();
        stale.send("first");
        guarded.take();

        Sender<String> fresh = guarded.sender(); // another object
        assertThatThrownBy(() -> stale.send("again")).isInstanceOf(IllegalStateException.class);
        fresh.send("second"); // and this round is untouched
        // end::levels-stale[]
        assertThat(guarded.take()).isEqualTo("second");
    }

    @Test
    @Tag("checked")
    void withAssertionsAMisuseSaysWhere() {
        // tag::levels-checked[]
        Sender<String> sender = recycling.sender();
        sender.send("first");
        assertThatThrownBy(() -> sender.send("again"))
                .hasMessageContainingAll("sender already consumed", "ProtectionTest.java");
        // end::levels-checked[]
    }
}
