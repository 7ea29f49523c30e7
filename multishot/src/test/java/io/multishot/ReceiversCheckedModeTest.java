package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While assertions are enabled, a thread that waits for many receivers counts as inside each of them. */
@Tag("checked")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReceiversCheckedModeTest {
    private static List<Receiver<Integer>> receivers(Level level) {
        return List.of(level.receiver(), level.receiver(), level.receiver());
    }

    @ParameterizedTest
    @EnumSource
    void aSecondThreadIsRefusedByEachReceiverWhileTheFirstWaitsForAny(Level level) {
        List<Receiver<Integer>> receivers = receivers(level);
        List<Sender<Integer>> senders = receivers.stream().map(Receiver::sender).toList();
        try (SecondThread<Integer> first = new SecondThread<>()) {
            first.thread().setName("the-first-thread");
            first.start(() -> Receivers.awaitAny(receivers));
            first.awaitParked();
            refused(receivers);
            senders.get(1).send(1);
            assertThat(first.join()).isEqualTo(1);
        }
        receivers.forEach(receiver -> assertThat(receiver.isClosed()).isFalse());
    }

    @ParameterizedTest
    @EnumSource
    void aSecondThreadIsRefusedByEachReceiverWhileTheFirstWaitsForAll(Level level) {
        List<Receiver<Integer>> receivers = receivers(level);
        List<Sender<Integer>> senders = receivers.stream().map(Receiver::sender).toList();
        try (SecondThread<Integer> first = new SecondThread<>()) {
            first.thread().setName("the-first-thread");
            first.start(() -> {
                Receivers.awaitAll(receivers);
                return 3;
            });
            first.awaitParked();
            senders.get(0).send(0);
            first.awaitParked();
            refused(receivers);
            senders.get(2).send(2);
            senders.get(1).send(1);
            assertThat(first.join()).isEqualTo(3);
        }
        receivers.forEach(receiver -> assertThat(receiver.isClosed()).isFalse());
    }

    private static void refused(List<Receiver<Integer>> receivers) {
        for (Receiver<Integer> receiver : receivers) {
            assertThatThrownBy(receiver::isClosed)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"the-first-thread\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatOneReceiverRefusesLeavesTheOthersFree(Level level) {
        List<Receiver<Integer>> receivers = receivers(level);
        List<Sender<Integer>> senders = receivers.stream().map(Receiver::sender).toList();
        try (SecondThread<Integer> first = new SecondThread<>()) {
            first.start(receivers.get(2)::receive);
            first.awaitParked();
            assertThatThrownBy(() -> Receivers.awaitAny(receivers)).hasMessageContaining("in use by thread");
            assertThatThrownBy(() -> Receivers.awaitAll(receivers)).hasMessageContaining("in use by thread");
            try (SecondThread<Boolean> third = new SecondThread<>()) {
                third.start(
                        () -> receivers.get(0).isClosed() || receivers.get(1).isClosed());
                assertThat(third.join()).isFalse();
            }
            senders.get(2).send(2);
            assertThat(first.join()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverListedTwiceAndNestedCallsAreLegal(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        receiver.sender().send(1);
        List<Receiver<Integer>> nested = new ArrayList<>(List.of(receiver, receiver)) {
            private static final long serialVersionUID = 1L;

            @Override
            public Receiver<Integer> get(int index) {
                assertThat(receiver.isClosed()).isFalse();
                return super.get(index);
            }
        };
        assertThat(Receivers.awaitAny(nested)).isBetween(0, 1);
        try (SecondThread<Integer> other = new SecondThread<>()) {
            other.start(receiver::take);
            assertThat(other.join()).isEqualTo(1);
        }
    }
}
