package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;

/** The same on publications that one thread has to itself, which spares an atomic operation. */
@Contender(value = "floor: bare Aeron, exclusive publications", role = Role.FLOOR, place = 1)
public class RemoteFloorExclusive extends RemoteFloor {
    /** For JMH. */
    public RemoteFloorExclusive() {}

    @Override
    Publication publication(Aeron client, String channel, int stream) {
        return client.addExclusivePublication(channel, stream);
    }
}
