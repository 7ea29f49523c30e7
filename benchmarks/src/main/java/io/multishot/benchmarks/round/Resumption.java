package io.multishot.benchmarks.round;

import java.util.function.Consumer;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import org.jspecify.annotations.Nullable;

/**
 * What the Kotlin compiler makes of the code after a suspension point, by hand. Nothing dispatches it: it runs at once.
 */
record Resumption<T>(Consumer<@Nullable Object> then) implements Continuation<T> {
    @Override
    public CoroutineContext getContext() {
        return EmptyCoroutineContext.INSTANCE;
    }

    @Override
    public void resumeWith(Object result) {
        then.accept(result);
    }
}
