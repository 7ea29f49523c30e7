package io.multishot.aeron;

/**
 * Says whether a request or a reply was sent, and if not, why.
 *
 * @since 0.1.0
 */
public enum SendResult {
    /** It was sent. Whether it arrives, only a reply can tell. */
    ACCEPTED,

    /** Nothing was sent: the other side, or the network, is slower than this side. Try again later. */
    BACK_PRESSURED,

    /**
     * Nothing was sent: as many requests are in flight as the {@linkplain RequesterBuilder#capacity capacity} of the
     * {@link Requester}. Try again when one has ended. Not for replies.
     */
    FULL,

    /**
     * Nothing was sent: there is no peer. For a request, no responder was heard yet, or the last one is lost; try again
     * when {@link Requester#isConnected()}. For a reply, the requester is gone, or was unreachable for a while and
     * considers its request lost; or the request was in hand for longer than {@link ResponderBuilder#maxAge}.
     */
    NOT_CONNECTED
}
