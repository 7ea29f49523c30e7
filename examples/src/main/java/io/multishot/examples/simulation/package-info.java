/**
 * A small discrete-event simulator, and a waiting line simulated with it.
 *
 * <p><b>Models and queries.</b> A {@code Model} is a task on an executor. Models share nothing; they query each other.
 * A {@code Requestor} is the asking end of one connection and owns one reused channel: it puts a request, with the
 * sender of the channel, into the mailbox of the model that has the {@code Replier}. That model answers through the
 * sender, at once or at a later time of the simulation. A query may have a deadline, also in simulation time. When that
 * has passed the requestor abandons the round, and the late answer is refused.
 *
 * <p><b>Why the result does not depend on the threads.</b> The {@code Scheduler} lets models run in <em>cycles</em>. A
 * model that runs in a cycle sees what was sent to it in the cycles before, in an order that depends on the senders
 * only, and nothing that is sent meanwhile. The clock advances, and rounds are abandoned, while all models rest. So the
 * models of a cycle may run in any order, or all at once.
 *
 * <p><b>What is simulated.</b> A {@code Source} of customers, a {@code Line}, {@code Server}s that ask the line for the
 * next customer, and an {@code Inspector} who asks to be told when it would be his turn, and does not always wait for
 * it. Some {@code Replication}s run side by side, each with a scheduler, models and random numbers of its own.
 *
 * <p><b>To run it:</b>
 *
 * <pre>{@code
 * mvn -q compile exec:java@simulation
 * mvn -q compile exec:java@simulation -Dexec.args="--arrival 0.9 --servers 1,3 --customers 500000 --seed 7 --svg queue.svg"
 * }</pre>
 *
 * Standard output is the same for the same arguments. How fast it was, and what the channels allocated, is on standard
 * error.
 */
@NullMarked
package io.multishot.examples.simulation;

import org.jspecify.annotations.NullMarked;
