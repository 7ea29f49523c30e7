package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.exceptions.AeronException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * Shows what an agent counts as counters of the media driver, where AeronStat and monitoring find them. They follow
 * once a second, so that counting itself costs nothing more. The engine's thread.
 */
final class AgentCounters {
    /** Of all our counters; Aeron leaves 1000 and above to others. */
    static final int TYPE_ID = 21_325;

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String owner;
    private final List<Shown> all = new ArrayList<>();
    private @Nullable Aeron aeron;
    private long nextUpdate = System.nanoTime();

    AgentCounters(String owner) {
        this.owner = owner;
    }

    private static final class Shown {
        private final String name;
        private final LongSupplier value;
        private long registrationId;
        private @Nullable Counter counter;

        Shown(String name, LongSupplier value) {
            this.name = name;
            this.value = value;
        }
    }

    AgentCounters show(String name, LongSupplier value) {
        all.add(new Shown(name, value));
        return this;
    }

    /** Registers the counters with a client, if it is another one than before, and sets them if it is time to. */
    void update(Aeron current, long now) {
        if (now - nextUpdate < 0 || current.isClosed()) {
            return;
        }
        nextUpdate = now + INTERVAL_NANOS;
        try {
            for (Shown each : all) {
                if (current != aeron) {
                    each.counter = null;
                    each.registrationId = current.asyncAddCounter(TYPE_ID, "multishot " + each.name + " - " + owner);
                } else if (each.counter == null) {
                    each.counter = current.getCounter(each.registrationId);
                }
                if (each.counter != null) {
                    each.counter.setRelease(each.value.getAsLong());
                }
            }
            aeron = current;
        } catch (AeronException refused) {
            all.clear();
            Log.warn("no counters of the " + owner + " in the media driver: " + refused.getMessage());
        }
    }

    void close() {
        all.forEach(each -> CloseHelper.quietClose(each.counter));
        all.clear();
    }
}
