package io.multishot.aeron;

import io.aeron.logbuffer.FrameDescriptor;
import org.agrona.collections.Int2IntHashMap;

/**
 * Bounds the messages that an assembler puts together from fragments: a peer that never ends a message must not fill
 * the heap.
 */
final class BoundedMessages {
    private static final int NONE = -1;

    /** In place of a length: the rest of this message is to be skipped. */
    private static final int SKIPPED = Integer.MAX_VALUE;

    private final int maxLength;

    /** The length so far of the message that is being put together, by Aeron session. */
    private final Int2IntHashMap lengths = new Int2IntHashMap(NONE);

    /** @param maxLength of a payload, in bytes */
    BoundedMessages(int maxLength) {
        this.maxLength = maxLength + Frame.HEADER_LENGTH;
    }

    /** What to do with a fragment. */
    enum Verdict {
        /** Give it to the assembler. */
        ASSEMBLE,
        /** Free what the assembler has of its message, which is too long, and skip the fragment. */
        DISCARD,
        /** Skip it: its message was discarded. */
        SKIP
    }

    Verdict check(int aeronSessionId, int flags, int length) {
        if ((flags & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED) {
            return length > maxLength ? Verdict.DISCARD : Verdict.ASSEMBLE;
        }
        boolean isFirst = (flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0;
        boolean isLast = (flags & FrameDescriptor.END_FRAG_FLAG) != 0;
        int before = isFirst ? 0 : lengths.get(aeronSessionId);
        Verdict verdict = Verdict.ASSEMBLE;
        if (before == SKIPPED || before == NONE) {
            verdict = Verdict.SKIP;
        } else if (length > maxLength - before) {
            verdict = Verdict.DISCARD;
        }
        if (!isLast) { // the last one may be delivered again
            lengths.put(aeronSessionId, verdict == Verdict.ASSEMBLE ? before + length : SKIPPED);
        }
        return verdict;
    }

    /** Forgets a session whose image is gone. */
    void forget(int aeronSessionId) {
        lengths.remove(aeronSessionId);
    }
}
