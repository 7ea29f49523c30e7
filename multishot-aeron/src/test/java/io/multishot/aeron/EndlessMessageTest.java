package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import io.multishot.aeron.BoundedMessages.Verdict;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message that is too long, or never ends, takes no more memory than the largest one that is allowed. */
@Timeout(60)
class EndlessMessageTest {
    private static final int BEGIN = FrameDescriptor.BEGIN_FRAG_FLAG;
    private static final int END = FrameDescriptor.END_FRAG_FLAG;
    private static final int WHOLE = FrameDescriptor.UNFRAGMENTED;

    @Test
    void aMessageIsDiscardedOnceItIsTooLong() {
        BoundedMessages messages = new BoundedMessages(250 - Frame.HEADER_LENGTH);
        assertThat(messages.check(1, BEGIN, 100)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(1, 0, 100)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(2, BEGIN, 100)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(1, 0, 51)).isEqualTo(Verdict.DISCARD);
        assertThat(messages.check(1, 0, 1)).isEqualTo(Verdict.SKIP);
        assertThat(messages.check(1, END, 1)).isEqualTo(Verdict.SKIP);
        assertThat(messages.check(1, WHOLE, 9)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(1, WHOLE, 251)).isEqualTo(Verdict.DISCARD);
        assertThat(messages.check(1, BEGIN, 100)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(1, END, 150)).isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(1, END, 150)).as("delivered again").isEqualTo(Verdict.ASSEMBLE);
        assertThat(messages.check(2, END, 151)).isEqualTo(Verdict.DISCARD);
        assertThat(messages.check(3, 0, 1)).as("without a beginning").isEqualTo(Verdict.SKIP);
    }

    @Test
    void aRequestWithoutAnEndIsIgnored() throws Exception {
        try (EngineFixture fixture = new EngineFixture();
                Aeron stranger = Aeron.connect(new Aeron.Context()
                        .aeronDirectoryName(fixture.engine.aeron().context().aeronDirectoryName()));
                Call<String> call = new Call<>()) {
            Responder responder = fixture.responder().maxRequestLength(100_000).open(EngineFixture::echo);
            Requester<String, String> requester = fixture.connected();
            ExclusivePublication endless =
                    stranger.addExclusivePublication("aeron:ipc", ResponderBuilder.DEFAULT_STREAM);
            await().until(endless::isConnected);
            BufferClaim claim = new BufferClaim();
            for (int i = 0; i < 1_000; i++) {
                while (endless.tryClaim(1_000, claim) < 0) {
                    Thread.onSpinWait();
                }
                claim.flags((byte) (i == 0 ? BEGIN : 0)).commit();
            }

            await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(1));
            assertThat(call.ask(requester, "well?")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("well?");
            assertThat(responder.ignored()).isEqualTo(1);

            UnsafeBuffer tooLong = new UnsafeBuffer(new byte[Frame.HEADER_LENGTH + 100_001]);
            await().until(() -> endless.offer(tooLong) > 0);
            await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(2));
        }
    }
}
