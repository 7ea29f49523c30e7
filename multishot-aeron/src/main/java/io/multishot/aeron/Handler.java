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
     * Gets a request, on the {@link Engine}'s thread, which has nothing else to do meanwhile: be brief, hand long work to another
     * thread. Keep the sender, and answer from any thread, at any time, in any order. If this throws before the sender was used,
     * the request fails.
     *
     * @param request the request
     * @param sender for the reply, to be used once; if it is never used, its place among the answerer's requests stays taken
     * @throws Exception if the request is to fail
     */
    void handle(Q request, RemoteSender<R> sender) throws Exception;
}
