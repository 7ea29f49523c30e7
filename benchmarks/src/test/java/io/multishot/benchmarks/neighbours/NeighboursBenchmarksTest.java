package io.multishot.benchmarks.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jol.info.GraphLayout;

@Timeout(120)
class NeighboursBenchmarksTest {
    private static final long CACHE_LINE = 64;

    @Test
    void sideBySide() throws Exception {
        assertDelivers(new Neighbours.SideBySide());
    }

    @Test
    void farApart() throws Exception {
        assertDelivers(new Neighbours.FarApart());
    }

    @Test
    void neighboursAreNeighbours() {
        assertThat(List.of(
                        distance(new Neighbours.SideBySide()),
                        distance(new Neighbours.SideBySide()),
                        distance(new Neighbours.SideBySide())))
                .as("bytes between the cells; a new allocation buffer may come between")
                .anyMatch(bytes -> bytes < CACHE_LINE);
        assertThat(distance(new Neighbours.FarApart())).isGreaterThan(2 * CACHE_LINE);
    }

    private static long distance(Neighbours neighbours) {
        return Math.abs(cell(neighbours.receivers.get(1)) - cell(neighbours.receivers.get(0)));
    }

    private static long cell(Receiver<Value> receiver) {
        GraphLayout graph = GraphLayout.parseInstance(receiver);
        return graph.addresses().stream()
                .filter(address ->
                        Sender.class.isAssignableFrom(graph.record(address).klass()))
                .findAny()
                .orElseThrow();
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
