package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/**
 * What a future does while somebody has taken its verdict, but not completed it yet: a moment between two steps of
 * another thread, put together by hand.
 */
class FutureVerdictTest {
    private final ReceiveFuture<String> future = new ReceiveFuture<>(new Sender<>());

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
    void whileNobodyHasTakenItTheFutureIsNotReceived() {
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void whoeverLosesToTheSenderFindsTheFutureCompletedWithTheSendersValue() throws Exception {
        verdictIs("value");
        assertThat(future.cancel(false)).isFalse();
        assertThat(future).isCompletedWithValue("value");
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void whoeverLosesToTheSenderFindsTheFutureCompletedWithTheSendersFailure() throws Exception {
        RuntimeException cause = new RuntimeException("broken");
        verdictIs(new SlotState.Failure(cause));
        assertThat(future.complete("other")).isFalse();
        assertThatThrownBy(future::get).cause().isSameAs(cause);
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void othersMayCompleteTheFutureForEachOther() throws Exception {
        verdictIs(others());
        assertThat(future.complete("other")).isTrue();
        assertThat(future).isCompletedWithValue("other");
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void aSenderThatLosesToOthersLeavesTheFutureToThem() throws Exception {
        verdictIs(others());
        new ReceiveFuture.FutureWaiter(future).onOutcome("value");
        assertThat(future).isNotDone();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isReceived()).isFalse();
    }
}
