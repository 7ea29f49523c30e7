package io.multishot;

import static io.multishot.SecondThread.require;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.ref.Reference;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Receivers#awaitAny} and an outcome that comes at a chosen moment of it: one that it misses would hang it. */
class ReceiversWheneverTest {
    /**
     * Whenever the list is asked for the next receiver, the value may come: in the first look, in the second, in
     * between.
     */
    @Test
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void anOutcomeIsFoundWheneverItComes() throws InterruptedException {
        List<Receiver<Integer>> receivers = List.of(new Receiver<>(), new Receiver<>(), new Receiver<>());
        Thread waiting = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; i < 200; i++) {
                int index = i % receivers.size();
                List<Sender<Integer>> senders =
                        receivers.stream().map(Receiver::sender).toList();
                Sender<Integer> sender = senders.get(index);
                AtomicBoolean sent = new AtomicBoolean();
                Callable<Boolean> send = () -> sent.compareAndSet(false, true) && sender.send(index);
                second.start(() -> {
                    while (!sent.get() && waiting.getState() != Thread.State.WAITING) {
                        Thread.yield();
                    }
                    return send.call();
                });
                require(Receivers.awaitAny(new Told(receivers, i, send)) == index, "the one that was sent to", i);
                second.join();
                Reference.reachabilityFence(senders); // with assertions on, one that nobody holds is dropped
                require(receivers.get(index).take() == index, "its value", i);
                receivers.forEach(Receiver::abandon);
            }
        }
    }

    /** A list that does something when it has been asked so often. */
    private static final class Told extends AbstractList<Receiver<Integer>> implements RandomAccess {
        private final List<Receiver<Integer>> all;
        private final Callable<Boolean> action;
        private int countdown;

        Told(List<Receiver<Integer>> all, int countdown, Callable<Boolean> action) {
            this.all = all;
            this.countdown = countdown;
            this.action = action;
        }

        @Override
        public Receiver<Integer> get(int index) {
            if (countdown-- == 0) {
                try {
                    action.call();
                } catch (Exception impossible) {
                    throw new AssertionError(impossible);
                }
            }
            return all.get(index);
        }

        @Override
        public int size() {
            return all.size();
        }
    }
}
