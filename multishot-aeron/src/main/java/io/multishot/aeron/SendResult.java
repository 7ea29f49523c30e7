package io.multishot.aeron;

/** What became of a request, or of a reply, that was offered to Aeron. */
public enum SendResult {
    /** It is on its way. Whether it arrives, only an answer can tell. */
    ACCEPTED,

    /** Nothing was sent: the other side, or the link, is slower than this one. Try again later. */
    BACK_PRESSURED,

    /**
     * Nothing was sent: as many requests are in flight as the {@link Requester} was made for. Try again when one has
     * ended. Replies are never told this.
     */
    FULL,

    /**
     * Nothing was sent: there is no peer. To a request: no responder has been heard yet, or the last one is lost; try
     * again when {@link Requester#isConnected()}. To a reply: the requester is gone, or could not be reached for a
     * while and takes its request for lost.
     */
    NOT_CONNECTED
}
