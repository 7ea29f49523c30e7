package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** States that take three threads and bad luck, put together by hand from inside the package. */
class RareStatesTest {
    @Test
    void aLateExchangeThatFindsTheOutcomeOfAnotherLateOneInADetachedCellAnswersFalse() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.markDetached();
        cell.slotSetRelease("of another sender that came too late, and has not put the mark back yet");
        assertThat(cell.consume("second"))
                .as("the look is told by what stands beside the slot")
                .isFalse();
        assertThat(cell.exchange("second")).as("so is the exchange").isFalse();
        assertThat(cell.isAbandoned()).isTrue();
    }

    @Test
    void aUseThatFindsTheMarkBeforeTheReceiverHasSettledAnswersFalseAndSwallowsNoWaker() {
        for (Sender<String> cell : List.of(new Sender<String>(), new GuardedSender<String>())) {
            CountingWaker waker = new CountingWaker();
            cell.onAbandon(waker);
            assertThat(cell.isAbandoned()).isFalse();
            assertThat(cell.abandon(null)).isTrue();
            assertThat(cell.isAbandoned()).isTrue();
            assertThat(cell.consume("late")).isFalse();
            assertThat(cell.consume("again")).isFalse();
            assertThat(cell.exchange("late by a moment")).isFalse();
            assertThat(cell.isAbandoned()).isTrue();
            assertThat(waker.count()).isZero();
            cell.markDetached();
            assertThat(waker.count()).isEqualTo(1);
            assertThat(cell.isAbandoned()).isTrue();
        }
    }

    @Test
    void aSecondUseOfADetachedGuardedSenderWhoseMarkIsCoveredAnswersFalseToo() {
        GuardedSender<String> cell = new GuardedSender<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.markDetached();
        assertThat(cell.consume("first")).isFalse();
        cell.slotSetRelease("of the first use, which has not put the mark back yet");
        assertThat(cell.consume("second")).isFalse();
        assertThat(cell).hasToString("Sender[detached]");
    }

    @Test
    void anOutcomeThatBeatsAWithdrawalIsWhatTheWithdrawalReturns() {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        ThreadWaiter waiter = receiver.waiterFor(Thread.currentThread());
        assertThat(receiver.register(null, waiter)).isSameAs(waiter);
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.withdraw(waiter)).isEqualTo("value");
        assertThat(receiver.take()).isEqualTo("value");
    }

    @Test
    void anAbandonedSenderWhoseMarkIsCoveredSaysSoAllTheWhile() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.abandon(null)).isTrue();
        cell.slotSetRelease("of a sender that came too late, before the receiver has settled");
        assertThat(cell.isAbandoned()).isTrue();
    }

    @Test
    void aWakerRegisteredBetweenTheMarkAndTheSettlementIsCalledByTheReceiver() {
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
    void aWaitThatEndsWithoutAnOutcomeBecauseAnotherThreadWithdrewItsWaiterTellsTheMisuse() {
        Receiver<String> receiver = new Receiver<>();
        assertThatThrownBy(() -> receiver.endRound(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("another thread used this receiver");
    }

    @Test
    void aLateExchangePutsTheMarkBackAndKeepsNothingOfItsOutcome() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.abandon(null)).isTrue();
        assertThat(cell.exchange("late")).isFalse();
        assertThat(cell.slotAcquire()).isSameAs(SlotState.Sentinel.ABANDONED);
    }

    @Test
    void anExchangeThatFindsAnOutcomeInACellOfALiveReceiverTellsTheMisuse() {
        Sender<String> cell = new Sender<>();
        assertThat(cell.exchange("first")).isTrue();
        assertThatThrownBy(() -> cell.exchange("second"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed, by another thread at this moment")
                .hasMessageContaining("Receiver.guarded()");
    }

    @Test
    void aWaiterThatIsWithdrawnBetweenLookAndExchangeMakesTheUseNoMisuse() {
        CountingWaker waker = new CountingWaker();
        SlotState.WakerWaiter waiter = new SlotState.WakerWaiter(waker);
        Sender<String> cell = new Sender<>();
        assertThat(cell.slotCompareAndExchange(null, waiter)).isNull();
        Object seen = cell.slotAcquire();
        assertThat(Sender.isLive(seen)).isTrue();
        assertThat(cell.slotCompareAndExchange(waiter, null)).isSameAs(waiter);
        assertThat(cell.exchange("value")).isTrue();
        assertThat(waker.count()).isZero();
    }

    /** The cell of the checked mode is one that nobody watches yet, as it looks to who got it through a data race. */
    @Test
    void aCellWhoseSenderWasFasterIsNotDetached() {
        for (Sender<String> cell : List.of(
                new Sender<String>(), new GuardedSender<String>(), new CheckedSender.Cell<String>(UseRecord.made()))) {
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
    void aWakerThatPollsAgainHasTheSameWaiterAndAnotherWakerAnotherOne() {
        Receiver<String> receiver = new Receiver<>();
        Waker waker = new CountingWaker();
        Object waiter = waiterOfTheNextRound(receiver, waker);
        assertThat(waiter).isInstanceOf(SlotState.WakerWaiter.class);
        assertThat(waiterOfTheNextRound(receiver, waker)).isSameAs(waiter);
        assertThat(waiterOfTheNextRound(receiver, new CountingWaker())).isNotSameAs(waiter);
    }

    @Test
    void aThreadThatWaitsAgainHasTheSameWaiterAndAnotherThreadAnotherOne() {
        Receiver<String> receiver = new Receiver<>();
        Thread another = new Thread(() -> {});
        ThreadWaiter waiter = receiver.waiterFor(Thread.currentThread());
        assertThat(receiver.waiterFor(Thread.currentThread())).isSameAs(waiter);
        assertThat(receiver.waiterFor(another)).isNotSameAs(waiter);
        assertThat(receiver.waiterFor(another).thread).isSameAs(another);
    }

    @Test
    void aReceiverStaysOfItsKindWhenARoundWasAbandoned() {
        for (Level level : Level.values()) {
            Receiver<String> receiver = level.receiver();
            Sender<String> detached = receiver.sender();
            assertThat(receiver.abandon()).isTrue();
            assertThat(receiver.sender()).isNotSameAs(detached).hasSameClassAs(detached);
        }
    }

    /** All receivers share them. */
    @Test
    void whatStandsInForACellIsNeverWritten() {
        for (Level level : Level.values()) {
            Receiver<String> receiver = level.receiver();
            assertThat(receiver.abandon()).isFalse();
            assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
            receiver.sender().send("value");
            receiver.close();
            assertThat(receiver.abandon()).isFalse();
        }
        assertThat(Sender.Sentinels.vacant(false).slotAcquire()).isSameAs(SlotState.Sentinel.VACANT);
        assertThat(Sender.Sentinels.vacant(true).slotAcquire()).isSameAs(SlotState.Sentinel.VACANT_GUARDED);
        assertThat(Sender.Sentinels.closed().slotAcquire()).isSameAs(SlotState.Sentinel.CLOSED);
    }

    @Test
    void theFutureOfARoundThatWasDroppedBeforeSaysSo() {
        Receiver<String> receiver = new Receiver<>();
        receiver.sender().drop();
        assertThatThrownBy(receiver.receiveAsync()::join)
                .hasCauseInstanceOf(SenderDroppedException.class)
                .hasRootCauseMessage(Errors.dropped().getMessage());
    }

    @Test
    void aTraceWithoutFramesSaysThatThePlaceIsUnknown() {
        UseRecord trace = UseRecord.made();
        assertThat(trace.where()).contains(RareStatesTest.class.getName());
        trace.setStackTrace(new StackTraceElement[0]);
        assertThat(trace.where()).matches("sender made on thread \".+\" at an unknown place");
    }
}
