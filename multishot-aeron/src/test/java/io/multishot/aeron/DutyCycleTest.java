package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the duty cycle does that Agrona's runners do not. */
@Timeout(60)
class DutyCycleTest {
    private final DutyCycle dutyCycle = new DutyCycle(new SleepingMillisIdleStrategy(), new Faults());
    private final CountingAgent last = new CountingAgent(() -> {});

    /** Counts its cycles, then does something. */
    private static final class CountingAgent implements Agent {
        final AtomicInteger cycles = new AtomicInteger();
        final AtomicInteger closings = new AtomicInteger();

        private final Runnable action;

        CountingAgent(Runnable action) {
            this.action = action;
        }

        @Override
        public int doWork() {
            cycles.incrementAndGet();
            action.run();
            return 0;
        }

        @Override
        public void onClose() {
            closings.incrementAndGet();
            throw new UnsupportedOperationException("logged");
        }

        @Override
        public String roleName() {
            return "counting";
        }
    }

    private CountingAgent add(Runnable action) {
        CountingAgent agent = new CountingAgent(action);
        dutyCycle.add(agent);
        return agent;
    }

    @Test
    void aFaultOfOneAgentEndsNeitherItNorTheCycle() {
        CountingAgent faulty = add(() -> {
            throw new StackOverflowError("planned");
        });
        dutyCycle.add(last);

        assertThat(dutyCycle.doWork()).isZero();
        assertThat(dutyCycle.doWork()).isZero();

        assertThat(faulty.cycles).hasValue(2);
        assertThat(faulty.closings).hasValue(0);
        assertThat(last.cycles).hasValue(2);
    }

    @Test
    void anAgentThatTerminatesIsClosedOnceAndTheOthersContinue() {
        CountingAgent terminating = add(() -> {
            throw new AgentTerminationException();
        });
        dutyCycle.add(last);

        assertThat(dutyCycle.doWork()).isZero();
        assertThat(dutyCycle.doWork()).isZero();
        dutyCycle.closeAgents();

        assertThat(terminating.cycles).hasValue(1);
        assertThat(terminating.closings).hasValue(1);
        assertThat(last.cycles).hasValue(2);
        assertThat(last.closings).hasValue(1);
    }

    @Test
    void anAgentCanAddSeveralOthers() {
        CountingAgent second = new CountingAgent(() -> {});
        AtomicBoolean added = new AtomicBoolean();
        CountingAgent adding = add(() -> {
            if (added.compareAndSet(false, true)) {
                dutyCycle.add(second);
                dutyCycle.add(last);
            }
        });

        assertThat(dutyCycle.doWork()).isZero();
        assertThat(dutyCycle.doWork()).isZero();

        assertThat(adding.cycles).hasValue(2);
        assertThat(second.cycles).hasValue(1);
        assertThat(last.cycles).hasValue(1);
    }

    @Test
    void stoppingEndsTheCycleAfterTheAgentThatIsWorking() {
        CountingAgent stopping = add(() -> assertThat(dutyCycle.stop()).isTrue());
        dutyCycle.add(last);

        dutyCycle.run();

        assertThat(stopping.cycles).hasValue(1);
        assertThat(last.cycles).hasValue(0);
        assertThat(dutyCycle.stop()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> dutyCycle.add(last)).withMessageContaining("is closed");
    }

    @Test
    void interruptsDoNotEndTheLoop() throws InterruptedException {
        add(() -> Thread.currentThread().interrupt());
        dutyCycle.add(last);
        Thread thread = new Thread(dutyCycle);
        thread.start();

        await().untilAsserted(() -> assertThat(last.cycles).hasValueGreaterThan(2));
        thread.interrupt();
        int seen = last.cycles.get();
        await().untilAsserted(() -> assertThat(last.cycles).hasValueGreaterThan(seen + 2));

        assertThat(dutyCycle.stop()).isTrue();
        thread.join();
    }
}
