package io.multishot.verification.lincheck;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * The sequential specification of a reply table: a map. It has the operations of {@link TableOperations}, and uses no
 * part of the library.
 */
public class SequentialTable {
    private static final int NONE = -1;

    /** The last request of each name. */
    private final Map<Integer, Integer> last = new HashMap<>();

    private final Set<Integer> inFlight = new HashSet<>();
    private int requests;

    @Operation
    public int open(int name) {
        last.put(name, requests);
        inFlight.add(requests);
        return requests++;
    }

    @Operation
    public boolean drop(int name) {
        return claim(name) != NONE;
    }

    @Operation
    public boolean send(int name) {
        return claim(name) != NONE;
    }

    @Operation
    public int claim(int name) {
        int request = last.getOrDefault(name, NONE);
        return inFlight.remove(request) ? request : NONE;
    }
}
