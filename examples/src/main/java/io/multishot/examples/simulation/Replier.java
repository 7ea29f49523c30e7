package io.multishot.examples.simulation;

import io.multishot.Sender;
import java.util.function.BiConsumer;

/**
 * The answering end of connections: a kind of query that a model answers. Any number of requestors may be connected.
 *
 * @param model the model that answers
 * @param handler is run by that model for each query; it may answer with {@link Model#answer} at once, or keep the
 *     sender and answer later
 * @param <Q> the type of the questions
 * @param <A> the type of the answers
 */
record Replier<Q, A>(Model model, BiConsumer<Q, Sender<A>> handler) {}
