package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;

/** Each answer is a volatile field, at which the requester looks again and again. */
@Contender(value = "floor: volatile fields, spinning", role = Role.FLOOR)
public class InFlightFloor extends InFlight {
    private Cell[] cells = {};

    /** For JMH. */
    public InFlightFloor() {}

    @Override
    void prepare(int questions) {
        cells = new Cell[questions];
        for (int i = 0; i < questions; i++) {
            cells[i] = new Cell();
        }
    }

    @Override
    Object question(int index) {
        cells[index].answer = null;
        return cells[index];
    }

    @Override
    Value await(int index) {
        Value got = cells[index].answer;
        while (got == null) {
            Thread.onSpinWait();
            got = cells[index].answer;
        }
        return got;
    }

    @Override
    void answer(Object question, Value value) {
        ((Cell) question).answer = value;
    }

    private static final class Cell {
        private volatile @Nullable Value answer;
    }
}
