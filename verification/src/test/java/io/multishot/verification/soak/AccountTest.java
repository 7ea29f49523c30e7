package io.multishot.verification.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The books can fail: each kind of wrong entry is a discrepancy, and right ones are none. */
class AccountTest {
    private final Ledger ledger = new Ledger();

    @Test
    void rightEntriesBalance() {
        Round received = round(1, Use.SEND);
        answer(received, Answer.HANDED_OVER);
        received.ended(received(received));
        Round refused = round(2, Use.SEND);
        refused.ended(Verdict.DETACHED);
        answer(refused, Answer.REFUSED);
        Round discarded = round(3, Use.SEND, Use.SEND);
        answer(discarded, Answer.THREW, Answer.HANDED_OVER);
        discarded.ended(Verdict.DISCARDED);

        assertThat(ledger.discrepancies()).isEmpty();
        assertThat(ledger.unsettled()).isEmpty();
        assertThat(ledger.values()).isEqualTo("sent 4 = received 1 + refused 1 + discarded 1 + thrown back 1");
    }

    @Test
    void aValueThatIsLost() {
        Round round = round(1, Use.SEND);
        answer(round, Answer.HANDED_OVER);
        round.ended(Verdict.DETACHED);

        assertComplaint("handed over to nobody");
        assertThat(ledger.unsettled()).anyMatch(problem -> problem.startsWith("values do not add up"));
    }

    @Test
    void aValueWhoseReceiverNeverEndsItsRound() {
        answer(round(1, Use.SEND), Answer.HANDED_OVER);

        assertThat(ledger.unsettled()).anyMatch(problem -> problem.startsWith("1 rounds begun, 0 ended"));
    }

    @Test
    void aValueThatIsReceivedThoughItWasRefused() {
        Round round = round(1, Use.SEND);
        answer(round, Answer.REFUSED);
        round.ended(received(round));

        assertComplaint("the outcome is not that of the use which succeeded");
        assertThat(ledger.unsettled()).hasSize(1);
    }

    @Test
    void aValueThatIsReceivedTwice() {
        Round round = round(1, Use.SEND);
        answer(round, Answer.HANDED_OVER);
        round.ended(received(round));
        round.ended(received(round));

        assertComplaint("received twice");
        assertThat(ledger.unsettled()).hasSize(1);
    }

    @Test
    void aValueOfAnotherRound() {
        Round first = round(1, Use.SEND);
        Round second = round(2, Use.SEND);
        answer(first, Answer.REFUSED);
        first.ended(Verdict.DETACHED);
        answer(second, Answer.HANDED_OVER);
        second.ended(received(first));

        assertComplaint("received in the wrong round: value of channel 0, round 1");
    }

    @Test
    void aValueWithoutItsContent() {
        Round round = round(1, Use.SEND);
        round.answered(0, Answer.HANDED_OVER);
        round.ended(received(round));

        assertComplaint("without its content");
    }

    @Test
    void anOutcomeOfAnotherKind() {
        Round round = round(1, Use.SEND);
        answer(round, Answer.HANDED_OVER);
        round.ended(Verdict.DROPPED);

        assertComplaint("the outcome is not that of the use which succeeded");
    }

    @Test
    void aFailureWithAnotherCause() {
        Round round = round(1, Use.FAIL);
        answer(round, Answer.HANDED_OVER);
        round.ended(Verdict.failed(new Parcel(0, 1).asFailure()));

        assertComplaint("the outcome is not that of the use which succeeded");
    }

    @Test
    void twoUsesThatSucceed() {
        Round round = round(1, Use.SEND, Use.DROP);
        answer(round, Answer.HANDED_OVER, Answer.HANDED_OVER);
        round.ended(received(round));

        assertComplaint("more than one use succeeded");
    }

    @Test
    void noUseThatSucceeds() {
        Round round = round(1, Use.SEND);
        answer(round, Answer.THREW);
        round.ended(Verdict.DISCARDED);

        assertComplaint("no use succeeded");
    }

    @Test
    void anOutcomeOfALostSender() {
        Round round = round(1);
        round.ended(Verdict.received(new Parcel(0, 1)));

        assertComplaint("the sender was lost, and yet there is an outcome");
    }

    @Test
    void aLostSenderThatIsNotLogged() {
        round(1).ended(Verdict.DROPPED);

        assertThat(ledger.unsettled()).containsExactly("1 lost senders dropped their round, 0 were logged");
    }

    @Test
    void aStaleSenderThatIsGoodForAnotherUse() {
        ledger.answeredStale(Answer.HANDED_OVER, Answer.THREW);
        ledger.answeredStale(Answer.REFUSED, Answer.REFUSED);
        assertThat(ledger.isGood()).isTrue();

        ledger.answeredStale(Answer.HANDED_OVER, Answer.HANDED_OVER);

        assertComplaint("a stale sender");
    }

    @Test
    void aWakerThatIsCalledAfterItWasReplaced() {
        Alarm alarm = new Alarm(ledger, Thread.currentThread());
        alarm.retire();
        alarm.wake();

        assertComplaint("after another one had replaced it");
    }

    @Test
    void theSameSeedGivesTheSamePlans() {
        assertThat(plans(5, 3)).isEqualTo(plans(5, 3)).isNotEqualTo(plans(6, 3)).isNotEqualTo(plans(5, 4));
    }

    private static List<Plan> plans(long seed, int channel) {
        Planner planner = new Planner(seed, channel, true, true);
        return Stream.generate(planner::next).limit(1000).toList();
    }

    private Round round(long number, Use... uses) {
        Plan plan = new Plan(List.of(uses), false, Pace.AT_ONCE, Way.RECEIVE, Ending.TAKE, Fault.NONE, 0);
        return ledger.begin(0, number, plan);
    }

    private static Verdict received(Round round) {
        return Verdict.received(round.parcel(0));
    }

    private static void answer(Round round, Answer... answers) {
        for (int i = 0; i < answers.length; i++) {
            round.parcel(i).close();
            round.answered(i, answers[i]);
        }
    }

    private void assertComplaint(String words) {
        assertThat(ledger.discrepancies()).anyMatch(complaint -> complaint.contains(words));
    }
}
