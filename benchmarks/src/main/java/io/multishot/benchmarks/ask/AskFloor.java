package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The answer is a volatile field. Who waits for it parks, with no registration but the thread's name. */
@Contender(value = "floor: one volatile field", role = Role.FLOOR)
public class AskFloor extends SpinningAsk {
    private final Cell cell = new Cell();

    /** For JMH. */
    public AskFloor() {}

    @Override
    Value askAndBlock() {
        cell.requester = Thread.currentThread();
        cell.answer = null;
        post(cell);
        Value got = cell.answer;
        while (got == null) {
            LockSupport.park(this);
            got = cell.answer;
        }
        return got;
    }

    @Override
    Value askAndSpin() {
        cell.answer = null;
        post(cell);
        Value got = cell.answer;
        while (got == null) {
            Thread.onSpinWait();
            got = cell.answer;
        }
        return got;
    }

    @Override
    void answer(Object question, Value value) {
        Cell asked = (Cell) question;
        Thread requester = asked.requester;
        asked.answer = value;
        if (requester != null) {
            LockSupport.unpark(requester);
        }
    }

    private static final class Cell {
        private @Nullable Thread requester;
        private volatile @Nullable Value answer;
    }
}
