package io.multishot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Assumptions;

/** Starts virtual threads from tests that are compiled for JDK 17, too. */
final class VirtualThreads {
    private VirtualThreads() {}

    /** Starts a virtual thread, or skips the test if the JDK is older than 21. */
    static Thread start(Runnable task) {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return (Thread) start.invoke(null, task);
        } catch (NoSuchMethodException | UnsupportedOperationException olderJdk) {
            return Assumptions.abort("this JDK has no virtual threads");
        } catch (InvocationTargetException preview) {
            return Assumptions.abort("this JDK has virtual threads as a preview only");
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
