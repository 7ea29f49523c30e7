package io.multishot.aeron;

/**
 * Handles the requests of a {@link Responder}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
@FunctionalInterface
public interface Handler<Q, R> {
    /**
     * Handles a request. This runs on the {@link Engine}'s thread, which does nothing else meanwhile: be brief, and
     * hand long work over to another thread. The sender can be used on any thread, at any time, in any order. If this
     * throws, the request fails; so throw only if no other thread has the sender.
     *
     * <p>Do not wait here for anything that depends on the same engine: neither for a reply, nor for space after
     * {@link SendResult#BACK_PRESSURED}.
     *
     * @param request the request
     * @param sender the sender of the reply, to be consumed once; a sender that never is uses up one of the responder's
     *     {@linkplain ResponderBuilder#capacity capacity}
     * @throws Exception if the request is to fail
     */
    void handle(Q request, RemoteSender<R> sender) throws Exception;
}
