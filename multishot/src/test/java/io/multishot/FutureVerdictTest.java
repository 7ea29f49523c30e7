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
    void while_nobody_has_taken_it_the_future_is_not_received() {
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void whoever_loses_to_the_sender_finds_the_future_completed_with_the_senders_value() throws Exception {
        verdictIs("value");
        assertThat(future.cancel(false)).isFalse();
        assertThat(future).isCompletedWithValue("value");
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void whoever_loses_to_the_sender_finds_the_future_completed_with_the_senders_failure() throws Exception {
        RuntimeException cause = new RuntimeException("broken");
        verdictIs(new Failure(cause));
        assertThat(future.complete("other")).isFalse();
        assertThatThrownBy(future::get).cause().isSameAs(cause);
        assertThat(future.isReceived()).isTrue();
    }

    @Test
    void others_may_complete_the_future_for_each_other() throws Exception {
        verdictIs(others());
        assertThat(future.complete("other")).isTrue();
        assertThat(future).isCompletedWithValue("other");
        assertThat(future.isReceived()).isFalse();
    }

    @Test
    void a_sender_that_loses_to_others_leaves_the_future_to_them() throws Exception {
        verdictIs(others());
        new ReceiveFuture.FutureWaiter(future).signal("value");
        assertThat(future).isNotDone();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isReceived()).isFalse();
    }
}
