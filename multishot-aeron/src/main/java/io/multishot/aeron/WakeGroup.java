package io.multishot.aeron;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The threads of this process that exchange messages through one driver: each can wake the others. */
final class WakeGroup {
    private static final NapIdleStrategy[] NONE = {};

    private static final Map<Path, WakeGroup> GROUPS = new ConcurrentHashMap<>();

    private final Path directory;

    /** How many engines and drivers use this. Accessed within {@code compute} of the map only. */
    private int users;

    /** Copied on write, under the lock of this object. */
    private volatile NapIdleStrategy[] members = NONE;

    private WakeGroup(Path directory) {
        this.directory = directory;
    }

    /** Returns the group of the driver that has this directory. {@link #release} must follow. */
    static WakeGroup acquire(Path driverDirectory) {
        return GROUPS.compute(driverDirectory.toAbsolutePath().normalize(), (directory, present) -> {
            WakeGroup group = present == null ? new WakeGroup(directory) : present;
            group.users++;
            return group;
        });
    }

    void release() {
        GROUPS.computeIfPresent(directory, (key, group) -> --users == 0 ? null : group);
    }

    synchronized void join(NapIdleStrategy member) {
        NapIdleStrategy[] copy = Arrays.copyOf(members, members.length + 1);
        copy[members.length] = member;
        members = copy;
    }

    synchronized void leave(NapIdleStrategy member) {
        members = Arrays.stream(members).filter(each -> each != member).toArray(NapIdleStrategy[]::new);
    }

    /** Wakes those that nap. Any thread. */
    void wake() {
        for (NapIdleStrategy each : members) {
            each.wake();
        }
    }
}
