package io.multishot.verification.soak;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Starts threads of both kinds, where the JDK has both. All are daemons, so that a hang does not outlive its report.
 */
final class Threads {
    private static final @Nullable MethodHandle START_VIRTUAL = startVirtual();

    private Threads() {}

    static boolean haveVirtual() {
        return START_VIRTUAL != null;
    }

    /** Starts a thread that is virtual if that is wanted and possible. */
    static Thread start(String name, boolean virtual, Runnable task) {
        if (virtual && START_VIRTUAL != null) {
            try {
                return (Thread) START_VIRTUAL.invokeExact((Runnable) () -> {
                    Thread.currentThread().setName(name);
                    task.run();
                });
            } catch (Throwable thrown) {
                throw new AssertionError(thrown);
            }
        }
        Thread thread = daemon(name, task);
        thread.start();
        return thread;
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Thread.startVirtualThread, which is there since JDK 21. */
    private static @Nullable MethodHandle startVirtual() {
        MethodType type = MethodType.methodType(Thread.class, Runnable.class);
        try {
            return MethodHandles.publicLookup().findStatic(Thread.class, "startVirtualThread", type);
        } catch (ReflectiveOperationException olderJdk) {
            return null;
        }
    }
}
