package io.multishot.aeron;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs under the package's name. Never throws: a logger that fails must not stop the engine. */
final class Log {
    private static final System.Logger LOGGER = System.getLogger(Log.class.getPackageName());

    private Log() {}

    static void error(String message) {
        log(Level.ERROR, message, null);
    }

    static void error(String message, Throwable fault) {
        log(Level.ERROR, message, fault);
    }

    static void warn(String message) {
        log(Level.WARNING, message, null);
    }

    static void info(String message) {
        log(Level.INFO, message, null);
    }

    private static void log(Level level, String message, @Nullable Throwable fault) {
        try {
            LOGGER.log(level, message, fault);
        } catch (Throwable loggerFault) {
            // There is nowhere left to report this.
        }
    }
}
