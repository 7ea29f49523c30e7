package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies in the order of their requests. */
class ReplyQueueTest {
    private static final Exception CAUSE = new Exception("gone");

    private final Receiver<String> receiver = new Receiver<>();
    private final Receiver<String> other = new Receiver<>();

    @ParameterizedTest
    @EnumSource
    void repliesComeInTheOrderOfTheRequests(Level level) {
        List<Receiver<String>> receivers =
                Stream.generate(level::<String>receiver).limit(3).toList();
        ReplyQueue<String> queue = new ReplyQueue<>(3);
        for (int round = 0; round < 10; round++) {
            for (Receiver<String> each : receivers) {
                assertThat(queue.open(each.sender())).isTrue();
            }
            assertThat(queue.inFlight()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                assertThat(queue.send("reply " + i)).isTrue();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(receivers.get(i).take()).isEqualTo("reply " + i);
            }
        }
        assertThat(queue.refused() + queue.inFlight() + queue.orphans()).isZero();
    }

    @Test
    void aFullQueueLeavesTheSenderWithItsOwner() {
        ReplyQueue<String> queue = new ReplyQueue<>(1);
        assertThat(queue.capacity()).isEqualTo(1);
        assertThat(queue.open(receiver.sender())).isTrue();
        Sender<String> mine = other.sender();
        assertThat(queue.open(mine)).isFalse();
        assertThat(queue.send("reply")).isTrue();
        assertThat(queue.open(mine)).isTrue();
        assertThat(queue.send("other reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
        assertThat(other.take()).isEqualTo("other reply");
    }

    @Test
    void aReplyThatNobodyAskedForIsRefused() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        assertThat(queue.send("unasked")).isFalse();
        assertThat(queue.fail(CAUSE)).isFalse();
        assertThat(queue.refused()).isEqualTo(2);
        assertThat(queue.open(receiver.sender())).isTrue();
        assertThat(queue.send("reply")).as("the next one is not shifted").isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
    }

    /** The bug of every queue of callbacks: a cancelled command leaves, and each reply goes to the command behind. */
    @ParameterizedTest
    @ValueSource(strings = {"expire", "abandon", "close"})
    void aRequestThatWasGivenUpSwallowsItsOwnReply(String way) {
        ReplyQueue<String> queue = new ReplyQueue<>(3);
        Receiver<String> left = new Receiver<>();
        assertThat(queue.open(receiver.sender())).isTrue();
        assertThat(queue.open(left.sender(), 10)).isTrue();
        assertThat(queue.open(other.sender())).isTrue();
        switch (way) {
            case "expire" -> assertThat(queue.expire(10)).isEqualTo(1);
            case "abandon" -> assertThat(left.abandon()).isTrue();
            default -> left.close();
        }
        assertThat(queue.orphans()).isEqualTo(1);
        assertThat(queue.inFlight()).isEqualTo(2);
        assertThat(queue.open(new Receiver<String>().sender()))
                .as("it keeps its place")
                .isFalse();
        assertThat(queue.send("first")).isTrue();
        assertThat(queue.send("second, which nobody wants")).isFalse();
        assertThat(queue.send("third")).isTrue();
        assertThat(receiver.take()).isEqualTo("first");
        assertThat(other.take()).isEqualTo("third");
        assertThat(queue.refused()).isEqualTo(1);
        assertThat(queue.orphans()).isZero();
    }

    @Test
    void anErrorIsTheReplyOfTheOldestRequest() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        assertThat(queue.open(receiver.sender())).isTrue();
        assertThat(queue.open(other.sender())).isTrue();
        assertThat(queue.fail(CAUSE)).isTrue();
        assertThat(receiver.takeFailure()).isSameAs(CAUSE);
        assertThat(queue.send("reply")).isTrue();
        assertThat(other.take()).isEqualTo("reply");
    }

    @Test
    void failAllEmptiesTheQueueAndTheNextReplyIsTheNextRequests() {
        ReplyQueue<String> queue = new ReplyQueue<>(3);
        for (int round = 0; round < 7; round++) {
            assertThat(queue.open(receiver.sender())).isTrue();
            assertThat(queue.open(new Receiver<String>().sender(), 10)).isTrue();
            assertThat(queue.open(other.sender())).isTrue();
            assertThat(queue.expire(10)).isEqualTo(1);
            assertThat(round % 2 == 0 || queue.send("reply")).isTrue();
            assertThat(queue.failAll(CAUSE)).isEqualTo(round % 2 == 0 ? 2 : 1);
            assertThat(other.takeFailure()).isSameAs(CAUSE);
            assertThat(queue.inFlight() + queue.orphans()).isZero();
            assertThat(queue.send("stray")).isFalse();
            for (int i = 0; i < 2; i++) {
                assertThat(queue.open(other.sender())).isTrue();
                assertThat(queue.send("reply " + i)).isTrue();
                assertThat(other.take()).isEqualTo("reply " + i);
            }
        }
    }

    @Test
    void closeFailsWhatIsInFlightAndRefusesWhatComes() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        assertThat(queue.open(receiver.sender())).isTrue();
        queue.close();
        queue.close(CAUSE);
        assertThat(receiver.takeFailure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reply queue was closed while the request was in flight");
        Sender<String> sender = receiver.sender();
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.open(sender))
                .withMessageContaining("closed")
                .withCause(CAUSE);
        assertThat(sender.send("its owner's")).isTrue();
        assertThat(queue.send("late")).isFalse();
        assertThat(queue.fail(CAUSE)).isFalse();
        assertThat(queue.failAll(CAUSE) + queue.expire(Long.MAX_VALUE)).isZero();
    }

    @Test
    void closeSaysWhy() {
        ReplyQueue<String> queue = new ReplyQueue<>(1);
        assertThat(queue.open(receiver.sender())).isTrue();
        queue.close(CAUSE);
        queue.close(new Exception("later"));
        assertThat(receiver.takeFailure()).isSameAs(CAUSE);
        ReplyTable<String> table = new ReplyTable<>(1);
        assertThat(table.open(receiver.sender())).isNotZero();
        table.close(CAUSE);
        table.close(new Exception("later"));
        assertThat(receiver.takeFailure()).isSameAs(CAUSE);
        Sender<String> late = receiver.sender();
        assertThatIllegalStateException().isThrownBy(() -> queue.open(late)).withCause(CAUSE);
        assertThatIllegalStateException().isThrownBy(() -> table.open(late)).withCause(CAUSE);
    }

    @Test
    void misuseIsRefusedBeforeAnythingHasChanged() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        Sender<String> sender = receiver.sender();
        assertThat(queue.open(sender)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.open(sender));
        assertThatIllegalStateException().isThrownBy(() -> new ReplyTable<String>(1).open(sender));
        Sender<String> consumed = other.sender();
        assertThat(consumed.drop()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.open(consumed));
        Sender<String> detached = other.sender();
        assertThat(other.abandon()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.open(detached));
        assertThatNullPointerException().isThrownBy(() -> queue.open(null));
        assertThatNullPointerException().isThrownBy(() -> queue.send(null));
        assertThatNullPointerException().isThrownBy(() -> queue.fail(null));
        assertThatNullPointerException().isThrownBy(() -> queue.failAll(null));
        assertThatNullPointerException().isThrownBy(() -> queue.close(null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReplyQueue<String>(0));
        assertThat(queue.inFlight()).isEqualTo(1);
        assertThat(queue.send("reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
    }

    /** Consumed behind the queue's back, a request keeps its place, and the holder of the reply hears of it. */
    @ParameterizedTest
    @EnumSource
    void aConsumedSenderSwallowsItsReply(Level level) {
        Receiver<String> sloppy = level.receiver();
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        Sender<String> consumed = sloppy.sender();
        assertThat(queue.open(consumed)).isTrue();
        assertThat(consumed.drop()).isTrue();
        assertThat(queue.open(sloppy.sender()))
                .as("a new sender, even of a recycling receiver")
                .isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.send("first"));
        assertThat(queue.send("second")).isTrue();
        assertThat(sloppy.take()).isEqualTo("second");
    }

    @Test
    void oneThatCannotBeFailedIsReportedAfterAllOthersWereFailed() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        Sender<String> consumed = receiver.sender();
        assertThat(queue.open(consumed)).isTrue();
        assertThat(queue.open(other.sender())).isTrue();
        assertThat(consumed.drop()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.failAll(CAUSE));
        assertThat(other.takeFailure()).isSameAs(CAUSE);
    }

    @Test
    void aRequestThatIsLateDoesNotEndOneThatExpiredBefore() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        assertThat(queue.open(receiver.sender(), 10)).isTrue();
        assertThat(queue.expire(10)).isEqualTo(1);
        assertThat(queue.open(other.sender(), 20)).isTrue();
        assertThat(queue.expire(20)).isEqualTo(1);
        assertThat(receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        assertThat(other.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        assertThat(queue.orphans()).isEqualTo(2);
    }

    @Test
    @Tag("unchecked")
    void aRecycledSenderComesBackFromItsQueue() {
        Receiver<String> recycling = Receiver.recycling();
        ReplyQueue<String> queue = new ReplyQueue<>(1);
        Sender<String> sender = recycling.sender();
        for (int round = 0; round < 3; round++) {
            assertThat(queue.open(sender)).isTrue();
            assertThat(queue.send("reply")).isTrue();
            assertThat(recycling.take()).isEqualTo("reply");
            assertThat(recycling.sender()).isSameAs(sender);
        }
    }

    /** Against a queue as simple as can be, in random order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itBehavesAsItsModel(long seed) {
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(5);
        ReplyQueue<Integer> queue = new ReplyQueue<>(capacity);
        Deque<ModelRequest> model = new ArrayDeque<>();
        long refused = 0;
        int now = 0;
        for (int step = 0; step < 20_000; step++) {
            now++;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    ModelRequest request = new ModelRequest(now + random.nextInt(20));
                    assertThat(queue.open(request.receiver.sender(), request.deadline))
                            .isEqualTo(model.size() < capacity);
                    if (model.size() < capacity) {
                        model.add(request);
                    }
                }
                case 4, 5, 6, 7 -> {
                    ModelRequest oldest = model.poll();
                    boolean wanted = oldest != null && oldest.isLive;
                    assertThat(queue.send(step)).isEqualTo(wanted);
                    refused += wanted ? 0 : 1;
                    if (wanted) {
                        assertThat(oldest.receiver.take()).isEqualTo(step);
                    }
                }
                case 8 -> {
                    int time = now;
                    List<ModelRequest> late = model.stream()
                            .filter(request -> request.isLive && request.deadline <= time)
                            .toList();
                    assertThat(queue.expire(now)).isEqualTo(late.size());
                    for (ModelRequest request : late) {
                        assertThat(request.receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
                        request.isLive = false;
                    }
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        long live =
                                model.stream().filter(request -> request.isLive).count();
                        assertThat(queue.failAll(CAUSE)).isEqualTo((int) live);
                        model.clear();
                    } else if (!model.isEmpty() && model.peekLast().isLive) {
                        model.peekLast().isLive = false;
                        assertThat(model.peekLast().receiver.abandon()).isTrue();
                    }
                }
            }
            long live = model.stream().filter(request -> request.isLive).count();
            assertThat(queue.inFlight()).isEqualTo((int) live);
            assertThat(queue.orphans()).isEqualTo(model.size() - (int) live);
            assertThat(queue.refused()).isEqualTo(refused);
            int time = now;
            long earliest = model.stream()
                    .filter(request -> request.isLive)
                    .mapToLong(request -> Math.max(request.deadline - time, 0))
                    .min()
                    .orElse(Long.MAX_VALUE);
            assertThat(queue.nanosUntilExpiry(now)).isLessThanOrEqualTo(earliest);
        }
    }

    private static final class ModelRequest {
        private final Receiver<Integer> receiver = new Receiver<>();
        private final long deadline;
        private boolean isLive = true;

        ModelRequest(long deadline) {
            this.deadline = deadline;
        }
    }

    @Test
    void takeFailureRefusesWhatHasNotFailed() {
        assertThatIllegalStateException().isThrownBy(receiver::takeFailure);
        Sender<String> sender = receiver.sender();
        assertThatIllegalStateException().isThrownBy(receiver::takeFailure).withMessageContaining("pending");
        assertThat(sender.send("value")).isTrue();
        assertThatIllegalStateException().isThrownBy(receiver::takeFailure);
        assertThat(receiver.take()).as("nothing has changed").isEqualTo("value");
        assertThat(receiver.sender().drop()).isTrue();
        assertThatIllegalStateException().isThrownBy(receiver::takeFailure);
        List<Throwable> causes = new ArrayList<>();
        assertThat(receiver.sender().fail(CAUSE)).isTrue();
        causes.add(receiver.takeFailure());
        assertThat(causes).containsExactly(CAUSE);
        assertThatIllegalStateException().as("once only").isThrownBy(receiver::takeFailure);
        receiver.close();
        assertThatIllegalStateException().isThrownBy(receiver::takeFailure).withMessageContaining("closed");
    }
}
