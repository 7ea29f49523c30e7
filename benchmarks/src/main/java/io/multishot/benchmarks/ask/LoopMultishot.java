package io.multishot.benchmarks.ask;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;

/** A receiver, polled by a task on the loop. */
@Contender(value = "multishot, Task", role = Role.OURS)
@SuppressWarnings("this-escape") // the task does not run before it is woken
public class LoopMultishot extends EventLoopAsk {
    /** What the responder does. */
    final Runnable answer = this::answer;

    private final Receiver<Value> receiver = new Receiver<>();
    private final Task task = new Task(loop, this::step);
    private @Nullable Sender<Value> sender;

    /** For JMH. */
    public LoopMultishot() {}

    @Override
    void ask() {
        begin();
        step();
    }

    private void begin() {
        sender = receiver.sender();
        responder.execute(answer);
    }

    private void answer() {
        Sender<Value> asked = sender;
        if (asked != null) {
            asked.send(value);
        }
    }

    private void step() {
        while (receiver.poll(task) == Poll.READY) {
            if (answered(receiver.take())) {
                begin();
            }
        }
    }
}
