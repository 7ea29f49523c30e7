package io.multishot.verification.soak;

import java.util.concurrent.RejectedExecutionException;

/** What faulty wakers, steps and executors throw. It is to reach an uncaught-exception handler, and nobody else. */
final class InjectedFault extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    InjectedFault(String what) {
        super(what);
    }

    /** Many are thrown, and their message says where. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
