package io.multishot.benchmarks.table;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What all threads that ask have in common: the contender's table. */
@State(Scope.Benchmark)
public class Shared {
    private @Nullable Object table;

    /** For JMH. */
    public Shared() {}

    /** The table, made by whoever comes first. */
    @SuppressWarnings("unchecked") // all who share it are of one class
    synchronized <X> X table(Supplier<X> maker) {
        if (table == null) {
            table = maker.get();
        }
        return (X) table;
    }
}
