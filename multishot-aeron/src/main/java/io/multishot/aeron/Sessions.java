package io.multishot.aeron;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a responder. They are bounded in number, and a stranger who opens many must not keep others out: one
 * that was never used makes way for a newcomer, first of all one of the host that has most of these.
 */
final class Sessions {
    private static final long SEARCH_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NEIGHBOURS_AGE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int max;
    private final Long2ObjectHashMap<Session> byId = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Session> byConnection = new Long2ObjectHashMap<>();

    /** The number of sessions of each image: publications of one driver to one channel and stream share a log. */
    private final Int2IntCounterMap perImage = new Int2IntCounterMap(0);

    /** Requests of a requester come in bursts. */
    private @Nullable Session lastFound;

    private long lastSearch = System.nanoTime();

    Sessions(int max) {
        this.max = max;
    }

    int size() {
        return byId.size();
    }

    Collection<Session> all() {
        return byId.values();
    }

    @Nullable Session byId(long sessionId) {
        Session session = lastFound;
        if (session == null || session.sessionId != sessionId) {
            session = byId.get(sessionId);
            lastFound = session;
        }
        return session;
    }

    @Nullable Session byConnection(long connectionId) {
        return byConnection.get(connectionId);
    }

    /** Returns true if what holds up this session holds up no other one. */
    boolean hasImageOfItsOwn(Session session) {
        return perImage.get(session.aeronSessionId()) == 1;
    }

    void add(Session session) {
        byId.put(session.sessionId, session);
        byConnection.put(session.hello.connectionId(), session);
        perImage.incrementAndGet(session.aeronSessionId());
    }

    void remove(Session session) {
        lastFound = null;
        if (byId.remove(session.sessionId) != null) {
            byConnection.remove(session.hello.connectionId(), session);
            perImage.decrementAndGet(session.aeronSessionId());
        }
    }

    boolean isFull() {
        return byId.size() >= max;
    }

    /**
     * Returns the session that makes way for a newcomer: the oldest of the host that has most of those that were never
     * used. Those of the newcomer's own host are given some time. Returns null if there is none, or if this was called
     * a moment ago, since it takes a while.
     */
    @Nullable Session toEvict(String newcomer, long now) {
        if (now - lastSearch < SEARCH_INTERVAL_NANOS) {
            return null;
        }
        lastSearch = now;
        Map<String, List<Session>> unusedBySource = new HashMap<>();
        for (Session each : byId.values()) {
            if (!each.isUsed) {
                unusedBySource
                        .computeIfAbsent(each.source, source -> new ArrayList<>())
                        .add(each);
            }
        }
        List<Session> most = List.of();
        for (List<Session> each : unusedBySource.values()) {
            most = each.size() > most.size() ? each : most;
        }
        Session oldest = null;
        for (Session each : most) {
            oldest = oldest == null || each.startTime - oldest.startTime < 0 ? each : oldest;
        }
        boolean isYoungNeighbour =
                oldest != null && oldest.source.equals(newcomer) && now - oldest.startTime < NEIGHBOURS_AGE_NANOS;
        return isYoungNeighbour ? null : oldest;
    }
}
