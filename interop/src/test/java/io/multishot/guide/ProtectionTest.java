package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide's "Safe, recycling, checked". */
class ProtectionTest {
    // tag::levels[]
    private final Receiver<String> receiver = new Receiver<>(); // safe: a sender of 24 bytes for each round
    private final Receiver<String> recycling = Receiver.recycling(); // one sender for all rounds: no garbage
    // end::levels[]

    @Test
    void aSenderThatIsKeptTooLongTouchesNothing() {
        // tag::levels-stale[]
        Sender<String> stale = receiver.sender();
        stale.send("first");
        receiver.take();

        Sender<String> fresh = receiver.sender(); // another object
        assertThatThrownBy(() -> stale.send("again")).isInstanceOf(IllegalStateException.class);
        fresh.send("second"); // and this round is untouched
        // end::levels-stale[]
        assertThat(receiver.take()).isEqualTo("second");
    }

    @Test
    void aSecondUseInTheRoundThrowsAtEachLevel() {
        for (Receiver<String> each : List.of(receiver, recycling)) {
            Sender<String> sender = each.sender();
            sender.send("first");
            assertThatThrownBy(sender::drop).isInstanceOf(IllegalStateException.class);
            assertThat(each.take()).isEqualTo("first");
        }
    }

    @Test
    @Tag("checked")
    void withAssertionsAMisuseSaysWhere() {
        // tag::levels-checked[]
        Sender<String> sender = receiver.sender();
        sender.send("first");
        assertThatThrownBy(() -> sender.send("again"))
                .hasMessageContainingAll("sender already consumed", "ProtectionTest.java");
        // end::levels-checked[]
    }
}
