package io.multishot.examples.simulation;

import io.multishot.Sender;

/**
 * A query in a mailbox.
 *
 * @param replier who is asked
 * @param question what is asked
 * @param answer where the answer goes
 * @param requester the model that asks
 * @param number counts the queries of that model
 * @param <Q> the type of the question
 * @param <A> the type of the answer
 */
record Request<Q, A>(Replier<Q, A> replier, Q question, Sender<A> answer, int requester, long number) {
    void deliver() {
        replier.handler().accept(question, answer);
    }
}
