package io.multishot.verification.spin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Searches the whole state space of channel.pml, and requires that each weakening of it shows as an error. */
class SpinTest {
    private static final String CLEAN = "errors: 0";

    static final List<String> WEAKENINGS = List.of(
            "POLL_ACQUIRE",
            "POLL_PLAIN",
            "LOAD_PLAIN",
            "EXCHANGE_ACQUIRE",
            "EXCHANGE_RELEASE",
            "CAS_ACQUIRE",
            "CAS_RELEASE",
            "OPEN_PLAIN",
            "OPEN_UNFENCED",
            "WRITE_LATE",
            "REGISTER_BLIND",
            "WAKE_EARLY",
            "TOUCH_LATE",
            "WITHDRAW_BLIND",
            "ABANDON_REUSE");

    private static final List<String> LOST_WAKES = List.of("POLL_ACQUIRE", "WAKE_EARLY", "WITHDRAW_BLIND");

    private static final String SOUND = "";
    private static final Map<String, Future<String>> STATES = new HashMap<>();
    private static final Map<String, Future<String>> CYCLES = new HashMap<>();

    /** Starts all searches, as many at a time as there are processors. */
    @BeforeAll
    static void search() {
        if (Spin.missing().isEmpty()) {
            ExecutorService searches =
                    Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
            STATES.put(SOUND, searches.submit(() -> Spin.searchStates()));
            CYCLES.put(SOUND, searches.submit(() -> Spin.searchCycles()));
            WEAKENINGS.forEach(each -> STATES.put(each, searches.submit(() -> Spin.searchStates(each))));
            LOST_WAKES.forEach(each -> CYCLES.put(each, searches.submit(() -> Spin.searchCycles(each))));
            searches.shutdown();
        }
    }

    @Test
    void noStateOfTheModelIsWrong() throws Exception {
        assumeSpin("the model's states");

        assertThat(complete(STATES.get(SOUND).get()))
                .contains(CLEAN)
                .containsPattern("unreached in proctype Receiver\\s+\\(0 of ")
                .containsPattern("unreached in proctype Holder\\s+\\(0 of ");
    }

    @Test
    void aParkedThreadIsFinallyWoken() throws Exception {
        assumeSpin("\"parked implies finally woken\"");

        assertThat(complete(CYCLES.get(SOUND).get()))
                .contains(CLEAN)
                .containsPattern("acceptance\\s+cycles\\s+\\+ \\(fairness enabled\\)");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("WEAKENINGS")
    void aWeakenedModelReachesAWrongState(String weakening) throws Exception {
        assumeSpin(weakening);

        assertThat(STATES.get(weakening).get())
                .contains("errors: 1")
                .containsPattern("pan:1: (assertion violated|invalid end state)");
    }

    /** Shows the lost wake-ups by the search for cycles as well, so that this search has failed, too. */
    @ParameterizedTest(name = "{0}")
    @FieldSource("LOST_WAKES")
    void aParkedThreadOfAWeakenedModelMayWaitForEver(String weakening) throws Exception {
        assumeSpin(weakening);

        assertThat(CYCLES.get(weakening).get()).contains("errors: 1").contains("pan:1: acceptance cycle");
    }

    private static String complete(String said) {
        assertThat(said)
                .contains("Full statespace search")
                .doesNotContain("max search depth too small")
                .doesNotContain("Search not completed")
                .doesNotContain("out of memory");
        return said;
    }

    private static void assumeSpin(String what) {
        Spin.missing().ifPresent(why -> {
            String message = "NOT CHECKED: " + what + ", because " + why;
            System.out.println(message);
            abort(message);
        });
    }
}
