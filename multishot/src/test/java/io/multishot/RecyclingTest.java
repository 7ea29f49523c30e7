package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recycling waits for no thread, and publishes what is handed over. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class RecyclingTest {
    /** Blocks one thread until it is released, and counts the calls of others. */
    private static final class StuckWaker implements Waker {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final CountingWaker passed = new CountingWaker();
        private final Thread victim;

        StuckWaker(Thread victim) {
            this.victim = victim;
        }

        @Override
        public void wake() {
            if (Thread.currentThread() != victim) {
                passed.wake();
                return;
            }
            entered.countDown();
            try {
                require(release.await(60, TimeUnit.SECONDS), "released", -1);
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSenderStuckInItsWakerDoesNotDelayTheNextRounds(Level level) throws Exception {
        for (int kind = 0; kind < 3; kind++) {
            int use = kind;
            Receiver<Integer> receiver = level.receiver();
            try (SecondThread<Boolean> second = new SecondThread<>()) {
                StuckWaker waker = new StuckWaker(second.thread());
                Sender<Integer> slow = receiver.sender();
                assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
                second.start(() -> switch (use) {
                    case 0 -> slow.send(-1);
                    case 1 -> slow.fail(new RuntimeException("broken"));
                    default -> slow.drop();
                });
                assertThat(waker.entered.await(60, TimeUnit.SECONDS)).isTrue();

                assertThat(receiver.poll(waker)).isEqualTo(new Poll[] {Poll.READY, Poll.FAILED, Poll.DROPPED}[use]);
                for (int i = 0; i < 1000; i++) {
                    Sender<Integer> sender = receiver.sender();
                    require(receiver.poll(waker) == Poll.PENDING, "a fresh round", i);
                    require(sender.send(i), "handed over", i);
                    require(receiver.poll(waker) == Poll.READY && receiver.take() == i, "the value of this round", i);
                }
                assertThat(waker.passed.takeCount()).isEqualTo(1000);

                Sender<Integer> last = receiver.sender();
                assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
                waker.release.countDown();
                assertThat(second.join()).as("the slow use was handed over").isTrue();
                assertThat(receiver.poll(waker)).as("and touched nothing since").isEqualTo(Poll.PENDING);
                assertThat(last.send(7)).isTrue();
                assertThat(receiver.take()).isEqualTo(7);
                assertThat(waker.passed.count()).isEqualTo(1);
            }
        }
    }

    /** A list of plain objects, which only the channel publishes. */
    private static final class Node {
        long number;
        Node next;

        static Node list(long seed) {
            Node head = null;
            for (int i = 0; i < 8; i++) {
                Node node = new Node();
                node.number = seed + i;
                node.next = head;
                head = node;
            }
            return head;
        }

        boolean holds(long seed) {
            int count = 0;
            for (Node node = this; node != null; node = node.next) {
                count++;
                if (node.number != seed + 8 - count) {
                    return false;
                }
            }
            return count == 8;
        }
    }

    /** Has plain fields, too. */
    private static final class Request {
        Node question;
        Sender<Node> reply;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void plainObjectsArePublishedBothWaysThroughTwoChannels(Level level) {
        Receiver<Request> requests = level.receiver();
        Receiver<Node> replies = level.receiver();
        RoundLimit limit = new RoundLimit(500_000);
        Sender<Request>[] service = senders(requests.sender());
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> {
                Waker ignored = () -> {};
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                for (int i = 0; true; i++) {
                    while (requests.poll(ignored) == Poll.PENDING) {
                        backoff.idle();
                    }
                    backoff = new SecondThread.Backoff();
                    Request request = requests.take();
                    if (request.question == null) {
                        return true;
                    }
                    require(request.question.holds(i), "the question is whole", i);
                    service[0] = requests.sender(); // published by the reply
                    require(request.reply.send(Node.list(-i)), "handed over", i);
                }
            });
            Waker ignored = () -> {};
            for (int i = 0; limit.allows(i); i++) {
                Request request = new Request();
                request.question = Node.list(i);
                request.reply = replies.sender();
                require(service[0].send(request), "handed over", i);
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (replies.poll(ignored) == Poll.PENDING) {
                    backoff.once("no reply");
                }
                require(replies.take().holds(-i), "the reply is whole", i);
            }
            assertThat(service[0].send(new Request())).isTrue();
            assertThat(second.join()).isTrue();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Sender<Request>[] senders(Sender<Request> first) {
        return new Sender[] {first};
    }

    /** Accesses the field without ordering: a hand-over through it is a data race. */
    private static final VarHandle POST;

    static {
        try {
            POST = MethodHandles.lookup().findVarHandle(RecyclingTest.class, "post", Sender.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("unused") // accessed through POST
    private Sender<Long> post;

    /**
     * The accesses are opaque, because the compiler may hoist a plain load out of the loop; opaque orders nothing else.
     */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    @SuppressWarnings("unchecked")
    void aSenderHandedOverThroughADataRaceLosesNoValue(Level level) {
        Receiver<Long> receiver = level.receiver();
        boolean[] stop = {false};
        CountingWaker waker = new CountingWaker();
        int abandoned = 0;
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> {
                long number = 0;
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (true) {
                    Sender<Long> sender = (Sender<Long>) POST.getOpaque(this);
                    if (sender == null) {
                        backoff.idle();
                        continue;
                    }
                    backoff = new SecondThread.Backoff();
                    POST.setOpaque(this, null);
                    if (!sender.send(number++) && stop[0]) {
                        return true;
                    }
                }
            });
            RoundLimit limit = new RoundLimit(500_000);
            for (int i = 0; limit.allows(i); i++) {
                if ((i & 31) == 0) { // races for new cells as well
                    Sender<Long> unused = receiver.sender();
                    require(receiver.abandon() && unused.isAbandoned(), "a detached sender", i);
                    abandoned++;
                }
                POST.setOpaque(this, receiver.sender());
                jitter(8);
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (receiver.poll(waker) == Poll.PENDING) {
                    backoff.once("the value is lost");
                }
                require(receiver.take() == i, "the value of this round", i);
            }
            Sender<Long> last = receiver.sender();
            receiver.close();
            stop[0] = true;
            POST.setVolatile(this, last);
            assertThat(second.join()).isTrue();
        }
        assertThat(abandoned).isPositive();
    }

    @Test
    @Tag("unchecked")
    void aRecyclingReceiverHandsOutOneSenderUntilItIsAbandonedLive() {
        Receiver<Integer> receiver = Receiver.recycling();
        Sender<Integer> first = receiver.sender();
        for (int i = 0; i < 100; i++) {
            assertThat(first.send(i)).isTrue();
            if (i % 2 == 0) {
                assertThat(receiver.take()).isEqualTo(i);
            }
            assertThat(i % 4 == 0 ? receiver.trySender() : receiver.sender()).isSameAs(first);
        }
        assertThat(first.fail(new RuntimeException("broken"))).isTrue();
        assertThat(receiver.sender()).as("after a failure").isSameAs(first);
        assertThat(first.drop()).isTrue();
        assertThat(receiver.sender()).as("after a drop").isSameAs(first);
        assertThat(first.send(1)).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThat(receiver.sender()).as("after an outcome was abandoned").isSameAs(first);
        assertThat(receiver.abandon()).isTrue();
        Sender<Integer> second = receiver.sender();
        assertThat(second).as("after a live sender was abandoned").isNotSameAs(first);
        assertThat(second.drop()).isTrue();
        assertThat(receiver.sender()).isSameAs(second);
        assertThat(receiver.abandon()).isTrue();
    }

    @Test
    void aSafeReceiverHandsOutANewSenderEachRound() {
        handsOutNewSenders(new Receiver<>());
    }

    @Test
    @Tag("checked")
    void aCheckedReceiverHandsOutANewSenderEachRound() {
        handsOutNewSenders(Receiver.recycling());
    }

    private static void handsOutNewSenders(Receiver<Integer> receiver) {
        Sender<Integer> before = receiver.sender();
        for (int i = 0; i < 100; i++) {
            assertThat(before.send(i)).isTrue();
            if (i % 2 == 0) {
                assertThat(receiver.take()).isEqualTo(i);
            }
            Sender<Integer> stale = before;
            Sender<Integer> next = receiver.sender();
            assertThat(next).isNotSameAs(stale);
            assertThatThrownBy(() -> stale.send(-1)).isInstanceOf(IllegalStateException.class);
            assertThat(receiver.tryReceive())
                    .as("the stale sender touched nothing")
                    .isNull();
            before = next;
        }
        assertThat(receiver.abandon()).isTrue();
    }
}
