package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed forms, against values worked out otherwise. */
class TheoryTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final double PERCENT = 1e-10;

    /** As tables of Erlang's C have it, to four digits; the first ones are exact: 1/3, 4/9, 32/45. */
    @ParameterizedTest
    @CsvSource({
        "1, 0.7, 0.7000",
        "2, 1, 0.3333",
        "3, 2, 0.4444",
        "2, 1.6, 0.7111",
        "5, 4, 0.5541",
        "10, 8, 0.4092",
        "20, 18, 0.5508"
    })
    void erlangCIsWhatTheTablesSay(int servers, double offered, double waiting) {
        assertThat(new Theory(new Load(offered, 1, servers)).waitingProbability())
                .isCloseTo(waiting, within(0.00005));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 64, 200, 1000})
    void erlangCIsItsDefinition(int servers) {
        for (double load : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
            double offered = load * servers;
            assertThat(new Theory(new Load(offered * 3, 3, servers)).waitingProbability())
                    .as("load %s", load)
                    .isCloseTo(definition(servers, offered).doubleValue(), withinPercentage(PERCENT));
        }
    }

    /** Erlang's C by its sum of powers over factorials, with many digits. */
    private static BigDecimal definition(int servers, double offered) {
        BigDecimal a = new BigDecimal(offered);
        BigDecimal c = new BigDecimal(servers);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ZERO;
        for (int k = 0; k < servers; k++) {
            sum = sum.add(term, DIGITS);
            term = term.multiply(a, DIGITS).divide(new BigDecimal(k + 1), DIGITS);
        }
        BigDecimal last = term.multiply(c, DIGITS).divide(c.subtract(a, DIGITS), DIGITS);
        return last.divide(sum.add(last, DIGITS), DIGITS);
    }

    @Test
    void oneServerIsTheTextbook() {
        Theory theory = new Theory(new Load(4, 5, 1));

        assertThat(theory.utilisation()).isCloseTo(0.8, withinPercentage(PERCENT));
        assertThat(theory.numberInSystem()).isCloseTo(4, withinPercentage(PERCENT));
        assertThat(theory.timeInSystem()).isCloseTo(1, withinPercentage(PERCENT));
        assertThat(theory.waitInQueue()).isCloseTo(0.8, withinPercentage(PERCENT));
        assertThat(theory.givenUp()).isCloseTo(0.8 / Math.E, withinPercentage(PERCENT));
    }

    @Test
    void twoServersAreTheTextbook() {
        double load = 0.75;
        Theory theory = new Theory(new Load(2 * load, 1, 2));

        assertThat(theory.utilisation()).isCloseTo(load, withinPercentage(PERCENT));
        assertThat(theory.numberInSystem()).isCloseTo(2 * load / (1 - load * load), withinPercentage(PERCENT));
        assertThat(theory.waitInQueue()).isCloseTo(load * load / (1 - load * load), withinPercentage(PERCENT));
    }

    @Test
    void theLineRemembersForLongerTheMoreItHasToDo() {
        assertThat(new Load(0.25, 1, 1).relaxationTime()).isCloseTo(4, withinPercentage(PERCENT));
        assertThat(new Load(0.81, 1, 1).relaxationTime()).isCloseTo(100, withinPercentage(PERCENT));
        assertThat(new Load(0.01, 1, 64).relaxationTime()).as("a service").isEqualTo(1);
    }
}
