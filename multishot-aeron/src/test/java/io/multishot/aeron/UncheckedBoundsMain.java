package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Is ready if, with Agrona's bounds checks off, an encoder that writes more than it announced is refused. */
final class UncheckedBoundsMain {
    private UncheckedBoundsMain() {}

    /** Arguments: none that are used. */
    public static void main(String... args) throws Exception {
        Encoder<String> careless = new Encoder<>() {
            @Override
            public int length(String message) {
                return 4;
            }

            @Override
            public void encode(String message, MutableDirectBuffer buffer, int offset) {
                buffer.putStringWithoutLengthAscii(offset, message);
            }
        };
        try (Engine engine = Engine.embedded();
                Responder responder =
                        Responder.builder(engine, Codec.utf8(), Codec.utf8()).open(EngineFixture::echo);
                Requester<String, String> requester =
                        Requester.builder(engine, careless, Codec.utf8()).open();
                Call<String> call = new Call<>()) {
            assertThat(DirectBuffer.SHOULD_BOUNDS_CHECK).isFalse();
            assertThat(requester.awaitConnected(EngineFixture.TIMEOUT)).isTrue();
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> call.ask(requester, "longer than four"))
                    .withMessageContaining("more than the 4 bytes that it announced");
            assertThat(requester.inFlight()).isZero();
            assertThat(call.ask(requester, "four")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(EngineFixture.TIMEOUT)).isEqualTo("four");
            assertThat(responder.ignored()).isZero();
            System.out.println(ResponderMain.READY);
        }
    }
}
