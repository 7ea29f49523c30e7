package io.multishot.aeron;

/**
 * Answers requests.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
@FunctionalInterface
public interface Handler<Q, R> {
    /**
     * Gets a request, on the {@link Engine}'s thread, which has nothing else to do meanwhile: be brief, hand long work
     * to another thread. Keep the sender, and answer from any thread, at any time, in any order. If this throws, the
     * request fails; so let it throw only while it has not given the sender away.
     *
     * <p>On this thread, do not wait for anything that comes by way of the same engine: neither for a reply, nor for
     * room after {@link SendResult#BACK_PRESSURED}.
     *
     * @param request the request
     * @param sender for the reply, to be used once; if it is never used, its place among the responder's requests stays
     *     taken
     * @throws Exception if the request is to fail
     */
    void handle(Q request, RemoteSender<R> sender) throws Exception;
}
