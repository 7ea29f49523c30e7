package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.datamodel.Model64;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.GraphLayout;
import org.openjdk.jol.layouters.HotSpotLayouter;
import org.openjdk.jol.layouters.Layouter;

/** The exact size of an idle channel, and what it keeps reachable. */
@Tag("allocation")
@Tag("unchecked")
class FootprintTest {
    private static final Waker WAKER = () -> {};

    @Test
    void anIdleChannelWithItsWaiterTakes64BytesAtMost() {
        // counts only what the channel adds: a static waker and a thread exist anyway
        assertThat(sizeOfChannel(Receiver.recycling(), WAKER)).isPositive().isLessThanOrEqualTo(64);
        assertThat(sizeOfChannel(new Receiver<>(), WAKER)).isPositive().isLessThanOrEqualTo(64);
    }

    private static long sizeOfChannel(Receiver<Object> receiver, Waker waker) {
        Sender<Object> sender = receiver.sender();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        return GraphLayout.parseInstance(receiver, sender).totalSize()
                - GraphLayout.parseInstance(waker).totalSize();
    }

    /** As with ZGC: references take 8 bytes, that of an object to its class 4. */
    @Test
    void withoutCompressedReferencesARoundTakes32BytesAndAChannel96() {
        Layouter layouter =
                new HotSpotLayouter(new Model64(false, true), Runtime.version().feature());
        for (Receiver<Object> receiver : List.of(Receiver.recycling(), new Receiver<>())) {
            long round = ClassLayout.parseClass(receiver.sender().getClass(), layouter)
                    .instanceSize();
            assertThat(round).isEqualTo(32);
            long rest = Stream.of(Receiver.class, SlotState.WakerWaiter.class)
                    .mapToLong(each -> ClassLayout.parseClass(each, layouter).instanceSize())
                    .sum();
            assertThat(round + rest).isEqualTo(96);
        }
    }

    @Test
    void anIdleChannelKeepsNothingOfItsRounds() {
        Receiver<Object> receiver = Receiver.recycling();
        Sender<Object> sender = receiver.sender();
        assertThat(receiver.poll(WAKER)).isEqualTo(Poll.PENDING);
        sender.send(new long[1_000]);
        receiver.take();
        assertThat(GraphLayout.parseInstance(receiver, sender).totalSize()).isLessThan(1_000);
        receiver.sender().send(new long[1_000]);
        receiver.abandon();
        assertThat(GraphLayout.parseInstance(receiver, sender).totalSize()).isLessThan(1_000);
        Sender<Object> detached = receiver.sender();
        receiver.close();
        detached.send(new long[1_000]);
        assertThat(GraphLayout.parseInstance(receiver, detached).totalSize()).isLessThan(1_000);
        Receiver<Object> safe = new Receiver<>();
        Sender<Object> stale = safe.sender();
        stale.send(new long[1_000]);
        assertThat(safe.sender()).isNotSameAs(stale);
        assertThat(GraphLayout.parseInstance(stale).totalSize()).isLessThan(1_000);
    }

    @Test
    void aWakerForAbandonmentIsKeptForItsRoundOnly() {
        for (Receiver<Object> receiver : List.of(Receiver.recycling(), new Receiver<>())) {
            Sender<Object> sender = receiver.sender();
            sender.onAbandon(waker(new long[1_000]));
            assertThat(GraphLayout.parseInstance(receiver).totalSize()).isGreaterThan(1_000);
            receiver.abandon();
            assertThat(GraphLayout.parseInstance(receiver, sender).totalSize()).isLessThan(1_000);
            Sender<Object> consumed = receiver.sender();
            consumed.onAbandon(waker(new long[1_000]));
            consumed.send("value");
            Sender<Object> next = receiver.sender();
            assertThat(GraphLayout.parseInstance(receiver, consumed, next).totalSize())
                    .isLessThan(1_000);
        }
    }

    private static Waker waker(long[] payload) {
        return new Waker() {
            @Override
            public void wake() {
                payload[0]++;
            }
        };
    }

    @Test
    void aCompletedFutureKeepsNothingOfLaterRoundsAndIsNotKept() {
        Receiver<Object> receiver = Receiver.recycling();
        Sender<Object> sender = receiver.sender();
        var received = receiver.receiveAsync();
        sender.send("value");
        receiver.sender().send(new long[1_000]);
        assertThat(GraphLayout.parseInstance(received).totalSize()).isLessThan(1_000);
        sender = receiver.sender();
        var completed = receiver.receiveAsync();
        completed.complete(new long[1_000]);
        assertThat(receiver.tryReceive()).isNull();
        assertThat(GraphLayout.parseInstance(receiver, sender).totalSize()).isLessThan(1_000);
    }
}
