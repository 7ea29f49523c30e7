package io.multishot.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.verification.soak.PollingReceive.ParkingWaker;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.Round.UseResult;
import io.multishot.verification.soak.RoundPlan.Delay;
import io.multishot.verification.soak.RoundPlan.Ending;
import io.multishot.verification.soak.RoundPlan.Fault;
import io.multishot.verification.soak.RoundPlan.ReceiveMode;
import io.multishot.verification.soak.RoundPlan.Use;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each kind of inconsistent report is a discrepancy, and consistent ones are not. */
class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void consistentReportsAddUp() {
        Round received = round(1, Use.SEND);
        report(received, UseResult.HANDED_OVER);
        received.reportEnd(received(received));
        Round refused = round(2, Use.SEND);
        refused.reportEnd(ReceiverResult.DETACHED);
        report(refused, UseResult.REFUSED);
        Round discarded = round(3, Use.SEND, Use.SEND);
        report(discarded, UseResult.THREW, UseResult.HANDED_OVER);
        discarded.reportEnd(ReceiverResult.DISCARDED);

        assertThat(ledger.discrepancies()).isEmpty();
        assertThat(ledger.unsettled()).isEmpty();
        assertThat(ledger.values()).isEqualTo("sent 4 = received 1 + refused 1 + discarded 1 + thrown back 1");
    }

    @Test
    void aValueThatIsLost() {
        Round round = round(1, Use.SEND);
        report(round, UseResult.HANDED_OVER);
        round.reportEnd(ReceiverResult.DETACHED);

        assertComplaint("handed over to nobody");
        assertThat(ledger.unsettled()).anyMatch(problem -> problem.startsWith("values do not add up"));
    }

    @Test
    void aValueWhoseReceiverNeverEndsItsRound() {
        report(round(1, Use.SEND), UseResult.HANDED_OVER);

        assertThat(ledger.unsettled()).anyMatch(problem -> problem.startsWith("1 rounds begun, 0 ended"));
    }

    @Test
    void aValueThatIsReceivedThoughItWasRefused() {
        Round round = round(1, Use.SEND);
        report(round, UseResult.REFUSED);
        round.reportEnd(received(round));

        assertComplaint("the outcome is not that of the use which succeeded");
        assertThat(ledger.unsettled()).hasSize(1);
    }

    @Test
    void aValueThatIsReceivedTwice() {
        Round round = round(1, Use.SEND);
        report(round, UseResult.HANDED_OVER);
        round.reportEnd(received(round));
        round.reportEnd(received(round));

        assertComplaint("received twice");
        assertThat(ledger.unsettled()).hasSize(1);
    }

    @Test
    void aValueOfAnotherRound() {
        Round first = round(1, Use.SEND);
        Round second = round(2, Use.SEND);
        report(first, UseResult.REFUSED);
        first.reportEnd(ReceiverResult.DETACHED);
        report(second, UseResult.HANDED_OVER);
        second.reportEnd(received(first));

        assertComplaint("received in the wrong round: value of channel 0, round 1");
    }

    @Test
    void aValueWithoutItsContent() {
        Round round = round(1, Use.SEND);
        round.reportUse(0, UseResult.HANDED_OVER);
        round.reportEnd(received(round));

        assertComplaint("without its content");
    }

    @Test
    void anOutcomeOfAnotherKind() {
        Round round = round(1, Use.SEND);
        report(round, UseResult.HANDED_OVER);
        round.reportEnd(ReceiverResult.DROPPED);

        assertComplaint("the outcome is not that of the use which succeeded");
    }

    @Test
    void aFailureWithAnotherCause() {
        Round round = round(1, Use.FAIL);
        report(round, UseResult.HANDED_OVER);
        round.reportEnd(ReceiverResult.failed(new TrackedValue(0, 1).asFailure()));

        assertComplaint("the outcome is not that of the use which succeeded");
    }

    @Test
    void twoUsesThatSucceed() {
        Round round = round(1, Use.SEND, Use.DROP);
        report(round, UseResult.HANDED_OVER, UseResult.HANDED_OVER);
        round.reportEnd(received(round));

        assertComplaint("more than one use succeeded");
    }

    @Test
    void noUseThatSucceeds() {
        Round round = round(1, Use.SEND);
        report(round, UseResult.THREW);
        round.reportEnd(ReceiverResult.DISCARDED);

        assertComplaint("no use succeeded");
    }

    @Test
    void anOutcomeOfALostSender() {
        Round round = round(1);
        round.reportEnd(ReceiverResult.received(new TrackedValue(0, 1)));

        assertComplaint("the sender was lost, and yet there is an outcome");
    }

    @Test
    void aLostSenderThatIsNotLogged() {
        round(1).reportEnd(ReceiverResult.DROPPED);

        assertThat(ledger.unsettled()).containsExactly("1 lost senders dropped their round, 0 were logged");
    }

    @Test
    void aStaleSenderThatIsGoodForAnotherUse() {
        ledger.staleUseReported(UseResult.HANDED_OVER, UseResult.THREW);
        ledger.staleUseReported(UseResult.REFUSED, UseResult.REFUSED);
        assertThat(ledger.hasNoDiscrepancy()).isTrue();

        ledger.staleUseReported(UseResult.HANDED_OVER, UseResult.HANDED_OVER);

        assertComplaint("a stale sender");
    }

    @Test
    void aWakerThatIsCalledAfterItWasReplaced() {
        ParkingWaker waker = new ParkingWaker(ledger, Thread.currentThread());
        waker.markReplaced();
        waker.wake();

        assertComplaint("after another one had replaced it");
    }

    @Test
    void theSameSeedGivesTheSamePlans() {
        assertThat(plans(5, 3)).isEqualTo(plans(5, 3)).isNotEqualTo(plans(6, 3)).isNotEqualTo(plans(5, 4));
    }

    private static List<RoundPlan> plans(long seed, int channel) {
        RoundPlan.Generator plans = new RoundPlan.Generator(seed, channel, true, true);
        return Stream.generate(plans::next).limit(1000).toList();
    }

    private Round round(long number, Use... uses) {
        RoundPlan plan =
                new RoundPlan(List.of(uses), false, Delay.NONE, ReceiveMode.RECEIVE, Ending.TAKE, Fault.NONE, 0);
        return ledger.begin(0, number, plan);
    }

    private static ReceiverResult received(Round round) {
        return ReceiverResult.received(round.value(0));
    }

    private static void report(Round round, UseResult... results) {
        for (int i = 0; i < results.length; i++) {
            round.value(i).fill();
            round.reportUse(i, results[i]);
        }
    }

    private void assertComplaint(String words) {
        assertThat(ledger.discrepancies()).anyMatch(complaint -> complaint.contains(words));
    }
}
