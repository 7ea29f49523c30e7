package io.multishot.benchmarks.memory;

import io.multishot.benchmarks.Contender.Role;

/**
 * Whom a probe looks at.
 *
 * @param name the name in the tables
 * @param role its part
 * @param place its place among those of the same role
 * @param maker makes what is measured
 */
record Subject<T>(String name, Role role, int place, T maker) {
    Subject(String name, T maker) {
        this(name, Role.PEER, 0, maker);
    }
}
