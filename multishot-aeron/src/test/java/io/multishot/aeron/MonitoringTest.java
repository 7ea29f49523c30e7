package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators see: counters of the media driver, and events of the flight recorder. */
@Timeout(60)
class MonitoringTest {
    private final EngineFixture fixture = new EngineFixture();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Map<String, Long> counters() {
        Map<String, Long> values = new HashMap<>();
        CountersReader reader = fixture.engine.aeron().countersReader();
        reader.forEach((int counterId, int typeId, DirectBuffer key, String label) -> {
            if (typeId == AgentCounters.TYPE_ID) {
                values.put(label.substring(0, label.indexOf(" - ")), reader.getCounterValue(counterId));
            }
        });
        return values;
    }

    @Test
    void theDriverShowsCounters() throws Exception {
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        Call<String> inFlight = new Call<>();
        assertThat(inFlight.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        Call<String> expired = new Call<>();
        assertThat(expired.ask(requester, "?", Duration.ofSeconds(2))).isEqualTo(SendResult.ACCEPTED);
        Call<String> cancelled = new Call<>();
        assertThat(cancelled.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        assertThat(cancelled.giveUp()).isTrue();
        RemoteSender<String> first = kept.take();
        await().until(() -> kept.size() == 2 && requester.expired() == 1);
        kept.forEach(late -> EngineFixture.reply(late, "late"));

        await().untilAsserted(() -> assertThat(counters())
                .isEqualTo(Map.ofEntries(
                        Map.entry("multishot requests in flight", 1L),
                        Map.entry("multishot requests in hand", 1L),
                        Map.entry("multishot requests expired", 1L),
                        Map.entry("multishot requests cancelled", 1L),
                        Map.entry("multishot requests refused", 0L),
                        Map.entry("multishot requests back-pressured", 0L),
                        Map.entry("multishot replies refused", 2L),
                        Map.entry("multishot replies back-pressured", 0L),
                        Map.entry("multishot messages ignored", 0L),
                        Map.entry("multishot requesters", 1L))));

        EngineFixture.reply(first, "!");
        assertThat(inFlight.receive(TIMEOUT)).isEqualTo("!");
        requester.close();
        await().until(() -> !counters().containsKey("multishot requests in flight"));
    }

    @Test
    void theFlightRecorderGetsLateRepliesAndLostPeers(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("multishot.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.multishot.aeron.LateReply");
            recording.enable("io.multishot.aeron.LostPeer");
            recording.start();
            Responder responder = fixture.responder().open((request, sender) -> kept.add(sender));
            Requester<String, String> requester = fixture.connected();
            try (Call<String> call = new Call<>()) {
                assertThat(call.ask(requester, "?", Duration.ofMinutes(1))).isEqualTo(SendResult.ACCEPTED);
                RemoteSender<String> late = kept.take();
                Thread.sleep(2);
                assertThat(call.giveUp()).isTrue();
                EngineFixture.reply(late, "late");
            }
            await().until(() -> requester.refused() == 1);
            responder.close();
            await().until(() -> !requester.isConnected());
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent late = only(events, "io.multishot.aeron.LateReply");
        assertThat(late.getDuration("age")).isGreaterThanOrEqualTo(Duration.ofMillis(2));
        assertThat(late.getInt("requester")).isEqualTo(1);
        assertThat(events)
                .filteredOn(each -> each.getEventType().getName().equals("io.multishot.aeron.LostPeer"))
                .extracting(each -> each.getString("reason"))
                .anyMatch(reason -> reason.contains("was closed"));
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        List<RecordedEvent> named = events.stream()
                .filter(each -> each.getEventType().getName().equals(name))
                .toList();
        assertThat(named).hasSize(1);
        return named.get(0);
    }
}
