package io.multishot.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Virtual threads, for code that is compiled for a JDK without. */
public final class VirtualThreads {
    /** The first JDK that has them. */
    public static final int SINCE = 21;

    private VirtualThreads() {}

    /**
     * Returns whether this JDK has virtual threads.
     *
     * @return true if it has
     */
    public static boolean exist() {
        return Runtime.version().feature() >= SINCE;
    }

    /**
     * Returns whether a thread is virtual.
     *
     * @param thread a thread
     * @return true if it is
     */
    public static boolean isVirtual(Thread thread) {
        return exist() && (boolean) call(find(false, "isVirtual", MethodType.methodType(boolean.class)), thread);
    }

    /**
     * Starts a virtual thread.
     *
     * @param work what it does
     * @return the thread
     */
    public static Thread start(Runnable work) {
        MethodType type = MethodType.methodType(Thread.class, Runnable.class);
        return (Thread) call(find(true, "startVirtualThread", type), work);
    }

    private static MethodHandle find(boolean isStatic, String name, MethodType type) {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            return isStatic
                    ? lookup.findStatic(Thread.class, name, type)
                    : lookup.findVirtual(Thread.class, name, type);
        } catch (ReflectiveOperationException olderJdk) {
            throw new UnsupportedOperationException("virtual threads need JDK " + SINCE, olderJdk);
        }
    }

    private static Object call(MethodHandle handle, Object argument) {
        try {
            return handle.invoke(argument);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
