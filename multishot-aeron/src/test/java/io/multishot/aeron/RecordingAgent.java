package io.multishot.aeron;

import io.aeron.Aeron;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what its engine does with it. */
class RecordingAgent implements EngineAgent {
    final List<Aeron> clients = new CopyOnWriteArrayList<>();
    final AtomicInteger cycles = new AtomicInteger();
    final AtomicInteger closings = new AtomicInteger();

    @Override
    public void onNewClient(Aeron aeron) {
        clients.add(aeron);
    }

    @Override
    public int doWork() {
        cycles.incrementAndGet();
        return 0;
    }

    @Override
    public void onClose() {
        closings.incrementAndGet();
    }

    @Override
    public String roleName() {
        return "recording";
    }
}
