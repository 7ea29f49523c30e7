package io.multishot.examples;

import java.util.Locale;

/**
 * What was done.
 *
 * @param files how many digests were printed
 * @param bytes how long these files were
 * @param rounds how many requests were answered, with a digest or with a failure
 * @param channels how many channels that took
 */
record Summary(long files, long bytes, long rounds, long channels) {
    /** The summary in one line, in English. */
    @Override
    public String toString() {
        return count(files, "file") + ", " + count(bytes, "byte") + ", " + count(rounds, "round") + ", "
                + count(channels, "channel");
    }

    private static String count(long count, String noun) {
        return String.format(Locale.ENGLISH, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
