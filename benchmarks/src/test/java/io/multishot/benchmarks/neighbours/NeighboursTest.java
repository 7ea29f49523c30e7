package io.multishot.benchmarks.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NeighboursTest {
    @Test
    void side_by_side() throws Exception {
        assertDelivers(new SideBySide());
    }

    @Test
    void far_apart() throws Exception {
        assertDelivers(new FarApart());
    }

    private static void assertDelivers(Neighbours neighbours) throws Exception {
        Neighbours.Own one = new Neighbours.Own();
        Neighbours.Own other = new Neighbours.Own();
        Neighbours.Responder responder = new Neighbours.Responder();
        assertThat(neighbours.alone(one)).isEqualTo(new Value(42));
        assertThat(neighbours.rounds(other)).isEqualTo(new Value(42));
        assertThat(one.receiver(neighbours)).isNotSameAs(other.receiver(neighbours));
        responder.start();
        try {
            assertThat(neighbours.pairs(one, responder)).isEqualTo(new Value(42));
        } finally {
            responder.stop();
        }
    }
}
