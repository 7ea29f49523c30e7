package io.multishot.verification.spin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches the whole state space of channel.pml, and makes sure that each weakening of it shows as an error. */
class SpinTest {
    private static final String CLEAN = "errors: 0";

    @Test
    void noStateOfTheModelIsWrong() {
        assumeSpin("the model's states");

        assertThat(complete(Spin.searchStates()))
                .contains(CLEAN)
                .containsPattern("unreached in proctype Receiver\\s+\\(0 of ")
                .containsPattern("unreached in proctype Holder\\s+\\(0 of ");
    }

    @Test
    void whoParksIsWokenInTheEnd() {
        assumeSpin("\"parked implies finally woken\"");

        assertThat(complete(Spin.searchCycles()))
                .contains(CLEAN)
                .containsPattern("acceptance\\s+cycles\\s+\\+ \\(fairness enabled\\)");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "POLL_ACQUIRE",
                "POLL_PLAIN",
                "LOOK_PLAIN",
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
                "ABANDON_REUSE"
            })
    void aWeakenedModelReachesAWrongState(String weakening) {
        assumeSpin(weakening);

        assertThat(Spin.searchStates(weakening))
                .contains("errors: 1")
                .containsPattern("pan:1: (assertion violated|invalid end state)");
    }

    /** The lost wake-ups, once more: so that the search for cycles has failed, too. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"POLL_ACQUIRE", "WAKE_EARLY", "WITHDRAW_BLIND"})
    void whoParksInAWeakenedModelMayWaitForEver(String weakening) {
        assumeSpin(weakening);

        assertThat(Spin.searchCycles(weakening)).contains("errors: 1").contains("pan:1: acceptance cycle");
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
