package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/**
 * The state between two steps of another thread, set up by hand: its verdict on the future is stored, but the future is
 * not completed yet.
 */
class ReceiveFutureTest {
    private final ReceiveFuture<String> future = new ReceiveFuture<>(new ReceiveFuture.OwnedCell<>(new Sender<>()));

    private void verdictIs(Object verdict) throws ReflectiveOperationException {
        field("verdict").set(future, verdict);
        assertThat(future).isNotDone();
    }

    private static Object others() throws ReflectiveOperationException {
        return field("OTHERS").get(null);
    }

    private static Field field(String name) throws ReflectiveOperationException {
        Field field = ReceiveFuture.class.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Test
    void withoutAVerdictTheFutureIsNotReceived() {
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void aCancelThatLosesToTheSenderCompletesTheFutureWithItsValue() throws Exception {
        verdictIs("value");
        assertThat(future.cancel(false)).isFalse();
        assertThat(future).isCompletedWithValue("value");
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void aCompleteThatLosesToTheSenderCompletesTheFutureWithItsFailure() throws Exception {
        RuntimeException cause = new RuntimeException("broken");
        verdictIs(new SlotState.Failure(cause));
        assertThat(future.complete("other")).isFalse();
        assertThatThrownBy(future::get).cause().isSameAs(cause);
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void anotherThreadMayCompleteTheFutureAfterTheVerdictOfOthers() throws Exception {
        verdictIs(others());
        assertThat(future.complete("other")).isTrue();
        assertThat(future).isCompletedWithValue("other");
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void aSenderThatLosesToOthersDoesNotCompleteTheFuture() throws Exception {
        verdictIs(others());
        new ReceiveFuture.FutureWaiter(future).onOutcome("value");
        assertThat(future).isNotDone();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isReceived()).isFalse();
    }
}
