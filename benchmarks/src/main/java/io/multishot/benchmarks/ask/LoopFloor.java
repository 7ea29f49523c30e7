package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answer is a field, and a job that was made before. */
@Contender(value = "floor: a job back", role = Role.FLOOR)
public class LoopFloor extends EventLoopAsk {
    /** What the responder does. */
    final Runnable answer = this::answer;

    /** What the requester does then. */
    final Runnable step = this::step;

    private @Nullable Value slot;

    /** For JMH. */
    public LoopFloor() {}

    @Override
    void ask() {
        responder.execute(answer);
    }

    private void answer() {
        slot = value;
        loop.execute(step);
    }

    private void step() {
        if (answered(Objects.requireNonNull(slot))) {
            ask();
        }
    }
}
