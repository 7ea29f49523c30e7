package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The answer is a volatile field; who waits for it parks. */
@Contender(value = "floor: park and unpark", role = Role.FLOOR)
public class ManyFloor extends ManyRequesters {
    private @Nullable Thread requester;
    private volatile @Nullable Value answer;

    /** For JMH. */
    public ManyFloor() {}

    @Override
    void begin() {
        requester = Thread.currentThread();
        answer = null;
    }

    @Override
    void answer(Value value) {
        Thread asked = requester;
        answer = value;
        LockSupport.unpark(asked);
    }

    @Override
    Value await() {
        Value got = answer;
        while (got == null) {
            LockSupport.park(this);
            got = answer;
        }
        return got;
    }
}
