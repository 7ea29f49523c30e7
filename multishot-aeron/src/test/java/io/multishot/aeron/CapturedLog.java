package io.multishot.aeron;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the package logs meanwhile, with the stacks. */
final class CapturedLog extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Log.class.getPackageName());

    private final List<String> entries = Collections.synchronizedList(new ArrayList<>());

    CapturedLog() {
        LOGGER.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        entries.add(entry.getMessage() + (thrown == null ? "" : " " + Arrays.toString(thrown.getStackTrace())));
    }

    /** Returns the entries that contain a text. */
    List<String> with(String text) {
        synchronized (entries) {
            return entries.stream().filter(each -> each.contains(text)).toList();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
