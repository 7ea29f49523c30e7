package io.multishot.benchmarks.memory;

import java.lang.management.ManagementFactory;

/** Measures how full the heap is. */
final class Heap {
    private Heap() {}

    /** Collects all garbage, and returns the bytes that are left. */
    static long live() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
