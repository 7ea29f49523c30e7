package io.multishot.verification.soak;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Counts what the library logs about lost senders of this program, instead of printing it. */
final class LeakLog extends Handler implements AutoCloseable {
    private static final String HERE = LeakLog.class.getPackageName() + ".";

    private final Ledger ledger;
    private final Logger logger = Logger.getLogger("io.multishot");
    private final boolean parents = logger.getUseParentHandlers();

    LeakLog(Ledger ledger) {
        this.ledger = ledger;
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getMessage().contains(HERE)) {
            ledger.leakLogged();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(parents);
    }
}
