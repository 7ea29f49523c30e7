package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** States of a slot that only an unlucky timing of up to three threads reaches, set up by hand within the package. */
class SlotStatesTest {
    @Test
    void aLateUseThatFindsTheOutcomeOfAnotherLateUseReturnsFalse() {
        Sender.Recycled<String> cell = new Sender.Recycled<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.markDetached();
        cell.slotSetRelease("of another late use, which has not put the sentinel back yet");
        assertThat(cell.consume("second"))
                .as("the load finds the flag beside the slot")
                .isFalse();
        assertThat(cell.exchange("second")).as("so does the exchange").isFalse();
        assertThat(cell.isAbandoned()).isTrue();
    }

    @Test
    void aUseBetweenAbandonedAndDetachedReturnsFalseAndKeepsTheWaker() {
        for (Sender<String> cell : List.<Sender<String>>of(new Sender<>(), new Sender.Recycled<>())) {
            CountingWaker waker = new CountingWaker();
            cell.onAbandon(waker);
            assertThat(cell.isAbandoned()).isFalse();
            assertThat(cell.abandon(null)).isTrue();
            assertThat(cell.isAbandoned()).isTrue();
            assertThat(cell.consume("late")).isFalse();
            assertThat(cell.consume("again")).isFalse();
            assertThat(cell.tryConsume("even later")).isFalse();
            if (cell instanceof Sender.Recycled<String> recycled) {
                assertThat(recycled.exchange("even later")).isFalse();
            }
            assertThat(cell.isAbandoned()).isTrue();
            assertThat(waker.count()).isZero();
            cell.markDetached();
            assertThat(waker.count()).isEqualTo(1);
            assertThat(cell.isAbandoned()).isTrue();
        }
    }

    @Test
    void aSecondUseOfADetachedSafeSenderWhoseSentinelIsCoveredReturnsFalse() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.markDetached();
        assertThat(cell.consume("first")).isFalse();
        cell.slotSetRelease("of the first use, which has not put the sentinel back yet");
        assertThat(cell.consume("second")).isFalse();
        assertThat(cell).hasToString("Sender[detached]");
    }

    @Test
    void aWithdrawalThatLosesReturnsTheOutcome() {
        Receiver<String> receiver = Receiver.recycling();
        Sender<String> sender = receiver.sender();
        ThreadWaiter waiter = receiver.waiterFor(Thread.currentThread());
        assertThat(receiver.register(null, waiter)).isSameAs(waiter);
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.withdraw(waiter)).isEqualTo("value");
        assertThat(receiver.take()).isEqualTo("value");
    }

    @Test
    void anAbandonedSenderWhoseSentinelIsCoveredIsStillAbandoned() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.slotSetRelease("of a late use, before the receiver has marked the cell as detached");
        assertThat(cell.isAbandoned()).isTrue();
    }

    @Test
    void aWakerRegisteredBetweenAbandonedAndDetachedIsCalledByTheReceiver() {
        Sender<String> cell = new Sender<>();
        CountingWaker replaced = new CountingWaker();
        CountingWaker waker = new CountingWaker();
        cell.onAbandon(replaced);
        assertThat(cell.abandon(null)).isTrue();
        cell.onAbandon(waker);
        assertThat(waker.count()).isZero();
        cell.markDetached();
        assertThat(replaced.count()).isZero();
        assertThat(waker.count()).isEqualTo(1);
    }

    @Test
    void aWaitWhoseWaiterAnotherThreadWithdrewThrows() {
        Receiver<String> receiver = Receiver.recycling();
        assertThatThrownBy(() -> receiver.endRound(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("another thread used this receiver");
    }

    @Test
    void aLateExchangePutsTheSentinelBack() {
        Sender.Recycled<String> cell = new Sender.Recycled<>();
        assertThat(cell.abandon(null)).isTrue();
        assertThat(cell.exchange("late")).isFalse();
        assertThat(cell.slotAcquire()).isSameAs(SlotState.Sentinel.ABANDONED);
    }

    @Test
    void anExchangeThatFindsAnOutcomeThrows() {
        Sender.Recycled<String> cell = new Sender.Recycled<>();
        assertThat(cell.exchange("first")).isTrue();
        assertThatThrownBy(() -> cell.exchange("second"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed, by another thread at this moment")
                .hasMessageContaining("not recycling");
    }

    @Test
    void aUseWhoseWaiterIsWithdrawnBetweenLoadAndExchangeSucceeds() {
        CountingWaker waker = new CountingWaker();
        SlotState.WakerWaiter waiter = new SlotState.WakerWaiter(waker);
        Sender.Recycled<String> cell = new Sender.Recycled<>();
        assertThat(cell.slotCompareAndExchange(null, waiter)).isNull();
        Object seen = cell.slotAcquire();
        assertThat(Sender.isLive(seen)).isTrue();
        assertThat(cell.slotCompareAndExchange(waiter, null)).isSameAs(waiter);
        assertThat(cell.exchange("value")).isTrue();
        assertThat(waker.count()).isZero();
    }

    /** The checked cell is not watched for leaks yet, as for a holder that got it through a data race. */
    @Test
    void aConsumedCellIsNotDetached() {
        for (Sender<String> cell : List.<Sender<String>>of(
                new Sender<>(), new Sender.Recycled<>(), new CheckedSender.Cell<>(UseRecord.made()))) {
            assertThat(cell.consume("first")).isTrue();
            assertThat(cell.abandon(null)).isFalse();
            assertThat(cell.isDetached()).isFalse();
            assertThat(cell.slotAcquire()).isEqualTo("first");
        }
    }

    private static Object waiterOfTheNextRound(Receiver<String> receiver, Waker waker) {
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        Object waiter = receiver.load();
        assertThat(sender.drop()).isTrue();
        return waiter;
    }

    @Test
    void theWaiterOfAWakerIsCached() {
        Receiver<String> receiver = Receiver.recycling();
        Waker waker = new CountingWaker();
        Object waiter = waiterOfTheNextRound(receiver, waker);
        assertThat(waiter).isInstanceOf(SlotState.WakerWaiter.class);
        assertThat(waiterOfTheNextRound(receiver, waker)).isSameAs(waiter);
        assertThat(waiterOfTheNextRound(receiver, new CountingWaker())).isNotSameAs(waiter);
    }

    @Test
    void theWaiterOfAThreadIsCached() {
        Receiver<String> receiver = Receiver.recycling();
        Thread another = new Thread(() -> {});
        ThreadWaiter waiter = receiver.waiterFor(Thread.currentThread());
        assertThat(receiver.waiterFor(Thread.currentThread())).isSameAs(waiter);
        assertThat(receiver.waiterFor(another)).isNotSameAs(waiter);
        assertThat(receiver.waiterFor(another).thread).isSameAs(another);
    }

    @Test
    void aReceiverStaysOfItsKindAfterAbandon() {
        for (Level level : Level.values()) {
            Receiver<String> receiver = level.receiver();
            Sender<String> detached = receiver.sender();
            assertThat(receiver.abandon()).isTrue();
            assertThat(receiver.sender()).isNotSameAs(detached).hasSameClassAs(detached);
        }
    }

    /** All receivers share the sentinel cells. */
    @Test
    void sentinelCellsAreNeverWritten() {
        for (Level level : Level.values()) {
            Receiver<String> receiver = level.receiver();
            assertThat(receiver.abandon()).isFalse();
            assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
            receiver.sender().send("value");
            receiver.close();
            assertThat(receiver.abandon()).isFalse();
        }
        assertThat(Sender.Sentinels.vacant(false).slotAcquire()).isSameAs(SlotState.Sentinel.VACANT);
        assertThat(Sender.Sentinels.vacant(true).slotAcquire()).isSameAs(SlotState.Sentinel.VACANT_RECYCLING);
        assertThat(Sender.Sentinels.closed().slotAcquire()).isSameAs(SlotState.Sentinel.CLOSED);
    }
}
