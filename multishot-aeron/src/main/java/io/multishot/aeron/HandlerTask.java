package io.multishot.aeron;

/** Calls the handler for one request, on a thread of {@link ResponderBuilder#executor}. */
final class HandlerTask<Q, R> implements Runnable {
    private final ResponderAgent<Q, R> agent;
    private final Q request;
    private final RemoteSender<R> sender;
    private final long round;

    HandlerTask(ResponderAgent<Q, R> agent, Q request, RemoteSender<R> sender) {
        this.agent = agent;
        this.request = request;
        this.sender = sender;
        round = sender.round();
    }

    @Override
    public void run() {
        try {
            agent.handleIfInTime(request, sender, round);
        } finally {
            sender.endTask(round);
        }
    }
}
