/**
 * A small discrete-event simulator, and waiting lines that are simulated with it.
 *
 * <p><b>Models and queries.</b> A {@code Model} is a task on an executor. Models share nothing; they query each other.
 * A {@code Connection} owns one reused channel: it posts each query, with the sender of the channel, to the model that
 * answers. That model replies through the sender, at once or at a later time of the simulation. A query may have a
 * deadline, also in simulation time. When the deadline passes, the round is abandoned and the late reply is refused.
 *
 * <p><b>Why the result does not depend on the threads.</b> The {@code Scheduler} runs the models in <em>cycles</em>. In
 * a cycle, a model sees what was posted to it in the cycles before, in an order that depends on the posting models
 * only. The clock advances, and rounds are abandoned, while no model runs. So the models of a cycle may run in any
 * order, or concurrently.
 *
 * <p><b>What is simulated.</b> Customers arrive at random at a {@code Line} and are served first come, first served. An
 * inspector asks the line when it is his turn, and does not always wait for the reply. What is seen is printed beside
 * the closed forms of a {@code MarkovQueue}.
 */
@NullMarked
package io.multishot.examples.simulation;

import org.jspecify.annotations.NullMarked;
