package io.multishot.examples.simulation;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import java.util.function.Consumer;

/**
 * The asking end of one connection. It owns one channel, which it uses again for each query.
 *
 * @param <Q> the type of the questions
 * @param <A> the type of the answers
 */
final class Requestor<Q, A> implements Waker, AutoCloseable {
    private final Receiver<A> receiver = new Receiver<>();
    private final Model owner;
    private final Replier<Q, A> replier;
    private final Consumer<A> onAnswer;

    /** Whether the next round needs a new sender: it is the first one, or the one before was abandoned. */
    private boolean needsSender = true;

    private long round;
    private boolean isOpen;
    private boolean isAnnounced;
    private boolean isThere;

    /**
     * Connects a model to a replier.
     *
     * @param onAnswer run by the owner, in the cycle after the one in which the answer was sent
     */
    Requestor(Model owner, Replier<Q, A> replier, Consumer<A> onAnswer) {
        this.owner = owner;
        this.replier = replier;
        this.onAnswer = onAnswer;
        owner.connect(this);
    }

    /** Asks, and waits for the answer as long as it takes. */
    void ask(Q question) {
        Meter meter = owner.meter();
        long before = Meter.allocated();
        Sender<A> sender = receiver.sender();
        Poll poll = receiver.poll(this);
        meter.begun(Meter.allocated() - before, needsSender);
        if (poll != Poll.PENDING) {
            throw new IllegalStateException("answered before it was asked: " + poll);
        }
        needsSender = false;
        isOpen = true;
        round++;
        replier.model().mailbox().put(new Request<>(replier, question, sender, owner.id(), meter.rounds()));
        replier.model().wake();
    }

    /** Asks, and gives up after so much simulation time. */
    void ask(Q question, double patience) {
        ask(question);
        long asked = round;
        owner.plan(patience, true, () -> giveUp(asked));
    }

    /**
     * There is an answer. Called by the channel, on the thread of the model that sends it, during a cycle. The flag is
     * a plain one: it is read between cycles, and the end of a model's run happens-before that.
     */
    @Override
    public void wake() {
        isAnnounced = true;
        owner.wake();
    }

    /** Between two cycles: an answer that was sent in the last one may be taken in the next. */
    void turn() {
        isThere = isAnnounced;
        isAnnounced = false;
    }

    /** The deadline of a round. Called by the scheduler while all models rest, so no answer can be on its way. */
    private void giveUp(long asked) {
        if (!isOpen || round != asked) {
            return;
        }
        long before = Meter.allocated();
        boolean wasLive = receiver.abandon();
        owner.meter().givenUp(Meter.allocated() - before);
        if (!wasLive) {
            throw new IllegalStateException("an answer was overlooked");
        }
        isOpen = false;
        needsSender = true;
    }

    /** Called by the owner when it runs: takes the answer that was sent in the cycle before, if there is one. */
    void settle() {
        if (isThere) {
            isThere = false;
            onAnswer.accept(takeAnswer());
        }
    }

    private A takeAnswer() {
        long before = Meter.allocated();
        A answer = receiver.take();
        owner.meter().answered(Meter.allocated() - before);
        isOpen = false;
        return answer;
    }

    /** Leaves the round that is not over, if there is one. */
    @Override
    public void close() {
        receiver.close();
    }
}
