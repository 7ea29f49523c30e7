package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.multishot.aeron.Engine;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.util.concurrent.locks.LockSupport;

/** Each side has an engine with a thread of its own, and the requester blocks. */
@Contender(value = "multishot-aeron, engines with threads, blocking", role = Role.OURS, place = 1)
public class RemoteMultishotBlocking extends RemoteMultishot {
    /** For JMH. */
    public RemoteMultishotBlocking() {}

    @Override
    Engine engine(Aeron client) {
        return Engine.of(client);
    }

    @Override
    Long await() throws InterruptedException {
        return call.receiver().receive();
    }

    @Override
    int serve() {
        LockSupport.parkNanos(OTHERS_DO_IT_NANOS);
        return 1;
    }
}
