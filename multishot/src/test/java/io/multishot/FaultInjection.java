package io.multishot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes the calls of {@link FaultScenarios} run out of memory or stack at each point in turn, and prints what was lost.
 * Its arguments are {@code heap} or {@code stack}; the number of passes, where 0 stands for one pass in which no
 * receiver recycles; and a regular expression for the names of the scenarios, if not all are to be tried. What is tried
 * alone runs less compiled code, whose frames are larger. It needs a JVM of its own, because a full heap spares nobody.
 */
final class FaultInjection {
    private static final int ENOUGH = 3;

    private final List<String> lost = new ArrayList<>();
    private int attempts;
    private int failures;

    private FaultInjection() {}

    public static void main(String[] arguments) throws Exception {
        boolean heap = arguments[0].equals("heap");
        int passes = Integer.parseInt(arguments[1]);
        Map<String, Supplier<FaultScenarios.Attempt>> scenarios =
                Checks.FULL ? new HashMap<>(FaultScenarios.checked()) : FaultScenarios.all();
        scenarios.keySet().removeIf(name -> passes == 0 && name.contains("recycling"));
        Pattern names = Pattern.compile(arguments.length > 2 ? arguments[2] : ".*");
        scenarios.keySet().removeIf(name -> !names.matcher(name).matches());
        if (!heap) {
            // When nobody waits yet, a reply makes sure of no room, and may overflow between its claim and its send.
            scenarios
                    .keySet()
                    .removeIf(name -> name.matches("(table|queue)\\.(send|fail|drop).*") && !name.contains("awaited"));
        }
        FaultInjection injection = new FaultInjection();
        for (Map.Entry<String, Supplier<FaultScenarios.Attempt>> scenario : scenarios.entrySet()) {
            injection.warmUp(scenario.getValue(), heap || scenario.getKey().contains("THREAD") ? 20 : 500);
        }
        int least = scenarios.size() == 1 ? 5 : 1; // another thread may leave memory while a scenario is tried
        for (int pass = 0; pass < Math.max(passes, least); pass++) {
            for (Map.Entry<String, Supplier<FaultScenarios.Attempt>> scenario : scenarios.entrySet()) {
                if (injection.lost.size() == ENOUGH) {
                    break;
                }
                if (heap) {
                    injection.fillHeap(scenario.getKey(), scenario.getValue(), pass);
                } else {
                    injection.fillStack(scenario.getKey(), scenario.getValue(), pass);
                }
            }
        }
        System.out.println(injection.attempts + " attempts, " + injection.failures + " failed");
        injection.lost.forEach(what -> System.out.println("LOST " + what));
        boolean tried = injection.failures > injection.attempts / 20; // else this program is wrong
        System.exit(injection.lost.isEmpty() && tried ? 0 : 1);
    }

    /** Loads and links what the scenario needs, because a class whose initialization fails is lost for good. */
    private void warmUp(Supplier<FaultScenarios.Attempt> scenario, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            FaultScenarios.Attempt attempt = scenario.get();
            Throwable thrown = null;
            try {
                attempt.run();
            } catch (Throwable expected) {
                thrown = expected;
            }
            attempt.check(thrown, false);
        }
    }

    /** Returns false if something was lost. One loss of a scenario is enough: to find a thread asleep takes long. */
    private boolean check(String name, FaultScenarios.Attempt attempt, Throwable thrown, boolean stack) {
        attempts++;
        failures += thrown instanceof VirtualMachineError ? 1 : 0;
        try {
            attempt.check(thrown, stack);
            return true;
        } catch (Throwable violation) {
            lost.add(name + ": " + violation + (thrown == null ? "" : " after " + thrown));
            return false;
        }
    }

    // ------------------------------------------------------------------ memory

    private static final int STEPS = 11;

    /** Enough for all that does not fit into larger fillers, and for what the attempts leave. */
    private static final int FILLERS = 4096;

    /** Occupies the heap to the last 16 bytes, then runs each attempt with some more bytes than the last one. */
    private void fillHeap(String name, Supplier<FaultScenarios.Attempt> scenario, int pass) {
        FaultScenarios.Attempt[] prepared = new FaultScenarios.Attempt[STEPS];
        for (int i = 0; i < STEPS; i++) {
            prepared[i] = scenario.get();
        }
        Throwable[] thrown = new Throwable[STEPS];
        Object[] beads = new Object[beads(STEPS, pass)];
        Object[] fillers = new Object[FILLERS];
        int used = fill(beads, 0, 16) - beads.length; // 0, because the heap is not full yet
        for (int size = 1 << 20; size >= 16; size /= 16) {
            used = fill(fillers, used, size);
        }
        for (int i = 0; i < STEPS; i++) {
            while (fill(beads, 0, 16) < beads.length) {
                fillers[--used] = null; // makes up for what the last attempt has left
            }
            used = fill(fillers, used, 16);
            for (int bead = 0; bead < beads(i, pass); bead++) {
                beads[bead] = null;
            }
            try {
                prepared[i].run();
            } catch (Throwable failed) {
                thrown[i] = failed;
            }
        }
        for (int i = 0; i < FILLERS; i++) {
            fillers[i] = null;
        }
        for (int i = 0; i < STEPS && check(name, prepared[i], thrown[i], false); ) {
            i++;
        }
    }

    /** Returns how many times 16 bytes the attempt has: 0, 1, 2, 3, 6, 8, …, 41, and more with each pass. */
    private static int beads(int step, int pass) {
        return step + step * step * step / 32 + (step > 3 ? pass : 0);
    }

    /**
     * Fills the rest of this array with objects of this size, as far as there is memory. Returns where the rest begins.
     */
    private static int fill(Object[] fillers, int used, int size) {
        int next = used;
        try {
            for (; next < fillers.length; next++) {
                if (fillers[next] == null) {
                    fillers[next] = size == 16 ? new Object() : new byte[size - 16];
                }
            }
        } catch (OutOfMemoryError full) {
            // that is the purpose
        }
        return next;
    }

    // ------------------------------------------------------------------ stack

    private static final int DEPTHS = 200;

    /** Stays if the stack was too short even to begin the attempt. */
    private static final Throwable NOT_RUN = new StackOverflowError("before the attempt");

    private FaultScenarios.Attempt[] dive;
    private Throwable[] diveThrown;
    private int next;

    /** Runs an attempt from each of the last frames of a stack, on the way back from its end. */
    private void fillStack(String name, Supplier<FaultScenarios.Attempt> scenario, int pass) throws Exception {
        int depths = name.contains("THREAD") ? DEPTHS / 2 : DEPTHS; // threads take long to make
        dive = new FaultScenarios.Attempt[depths];
        diveThrown = new Throwable[depths];
        next = 0;
        for (int i = 0; i < depths; i++) {
            dive[i] = scenario.get();
            diveThrown[i] = NOT_RUN;
        }
        Thread thread = new Thread(null, () -> shifted(pass), "near the end of its stack", 256 * 1024);
        thread.start();
        thread.join();
        for (int i = 0; i < next && check(name, dive[i], diveThrown[i], true); ) {
            i++;
        }
    }

    /** Begins the dive a few bytes further down for each pass. */
    private void shifted(int pass) {
        switch (pass % 4) {
            case 0 -> dive();
            case 1 -> shiftedBy(1);
            case 2 -> shiftedBy(1, 2, 3);
            default -> shiftedBy(1, 2, 3, 4, 5, 6);
        }
    }

    private long shiftedBy(long a) {
        dive();
        return a;
    }

    private long shiftedBy(long a, long b, long c) {
        dive();
        return a + b + c;
    }

    private long shiftedBy(long a, long b, long c, long d, long e, long f) {
        dive();
        return a + b + c + d + e + f;
    }

    private void dive() {
        try {
            dive();
        } catch (StackOverflowError end) {
            // from here on upwards
        }
        int i = next;
        if (i < dive.length) {
            next = i + 1;
            attempt(i);
        }
    }

    private void attempt(int i) {
        try {
            dive[i].run();
            diveThrown[i] = null;
        } catch (Throwable failed) {
            diveThrown[i] = failed;
        }
    }
}
