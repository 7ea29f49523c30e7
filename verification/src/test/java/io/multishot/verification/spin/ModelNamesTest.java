package io.multishot.verification.spin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps model and code together: the methods that the model names exist, and SpinTest tries each weakening. */
class ModelNamesTest {
    /** The methods with the transitions of the recycling channel: each is a step of the model. */
    private static final Set<String> MODELLED = Set.of(
            "Sender.Recycled.consume",
            "Sender.Recycled.exchange",
            "Sender.abandon",
            "Sender.slotAcquire",
            "Sender.slotVolatile",
            "Sender.slotGetAndSet",
            "Sender.slotCompareAndExchange",
            "Sender.slotTakenRelease",
            "Sender.slotOpenRelease",
            "Receiver.tryBegin",
            "Receiver.tryBeginSlowPath",
            "Receiver.next",
            "Receiver.pollSlot",
            "Receiver.tryReceive",
            "Receiver.registerThread",
            "Receiver.withdrawThread",
            "Receiver.isAwaitedBy",
            "Receiver.awaitOutcome",
            "Receiver.register",
            "Receiver.withdraw",
            "Receiver.takeSlot",
            "Receiver.endRound",
            "Receiver.leaveCell",
            "Sender.markDetached",
            "Sender.markTaken",
            "ThreadWaiter.registerAndPark",
            "SlotState.Waiter.notifyOf");

    @Test
    void everyMethodThatTheModelNamesExists() throws IOException {
        Set<String> named =
                found("\\b(Sender(?:\\.Recycled)?|Receiver|ThreadWaiter|SlotState\\.Waiter|Errors)\\.([a-z]\\w+)");

        assertThat(named).containsAll(MODELLED).allMatch(ModelNamesTest::exists);
    }

    @Test
    void everyWeakeningIsTried() throws Exception {
        Set<String> switches = found("(?m)^#ifn?def (\\w+)");
        switches.remove("#ifndef ROUNDS");
        Set<String> tried = Set.copyOf(SpinTest.WEAKENINGS);

        assertThat(switches.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .collect(Collectors.toSet()))
                .isEqualTo(tried);
    }

    /** Returns all matches in the model's files. */
    private static Set<String> found(String pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(Spin.MODEL.getParent())) {
            for (Path file : files.toList()) {
                Pattern.compile(pattern)
                        .matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean exists(String name) {
        int dot = name.lastIndexOf('.');
        try {
            Class<?> owner =
                    Class.forName("io.multishot." + name.substring(0, dot).replace('.', '$'));
            return Stream.<Member>concat(Stream.of(owner.getDeclaredMethods()), Stream.of(owner.getDeclaredFields()))
                    .anyMatch(member -> member.getName().equals(name.substring(dot + 1)));
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
