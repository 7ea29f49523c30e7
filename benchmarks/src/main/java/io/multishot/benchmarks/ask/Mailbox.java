package io.multishot.benchmarks.ask;

import org.jspecify.annotations.Nullable;

/** Where a request waits for its responder: one volatile field, alone in its cache lines. */
final class Mailbox extends MailboxField {
    @SuppressWarnings("UnusedVariable") // keeps others away
    private long after0, after1, after2, after3, after4, after5, after6, after7, after8, after9, afterA, afterB;
}

/** Keeps others away from the field. */
abstract class MailboxSpace {
    @SuppressWarnings("UnusedVariable") // keeps others away
    private long before0, before1, before2, before3, before4, before5, before6, before7, before8, before9, beforeA;
}

/** The field. */
abstract class MailboxField extends MailboxSpace {
    volatile @Nullable Object request;
}
