package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The reply is a volatile field. The requester parks until it is set; the only registration is a plain field with its
 * thread.
 */
@Contender(value = "floor: one volatile field", role = Role.FLOOR)
public class AskFloor extends SpinningAsk {
    private final Cell cell = new Cell();

    /** For JMH. */
    public AskFloor() {}

    @Override
    Value askAndBlock() {
        cell.requester = Thread.currentThread();
        cell.reply = null;
        post(cell);
        Value got = cell.reply;
        while (got == null) {
            LockSupport.park(this);
            got = cell.reply;
        }
        return got;
    }

    @Override
    Value askAndSpin() {
        cell.reply = null;
        post(cell);
        Value got = cell.reply;
        while (got == null) {
            Thread.onSpinWait();
            got = cell.reply;
        }
        return got;
    }

    @Override
    void reply(Object request, Value value) {
        Cell asked = (Cell) request;
        Thread requester = asked.requester;
        asked.reply = value;
        if (requester != null) {
            LockSupport.unpark(requester);
        }
    }

    private static final class Cell {
        private @Nullable Thread requester;
        private volatile @Nullable Value reply;
    }
}
