package io.multishot.examples.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** An executor that runs what it was given on the test's thread, in an order of its own. */
final class Shuffled implements Executor {
    private final List<Runnable> commands = new ArrayList<>();
    private final Random order;

    Shuffled(long seed) {
        order = new Random(seed);
    }

    @Override
    public void execute(Runnable command) {
        commands.add(command);
    }

    void runAll() {
        while (!commands.isEmpty()) {
            commands.remove(order.nextInt(commands.size())).run();
        }
    }
}
