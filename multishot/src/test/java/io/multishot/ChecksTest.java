package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which checks are on: by the system property, else by assertions. */
class ChecksTest {
    private static final String PROPERTY = "io.multishot.checks";

    @ParameterizedTest
    @CsvSource({
        "      , true , full",
        "      , false, off",
        "full  , false, full",
        "leaks , true , leaks",
        "leaks , false, leaks",
        "off   , true , off",
        "OFF   , true , off",
        "LEAKS , false, leaks"
    })
    void thePropertyTakesPrecedenceOverAssertions(String value, boolean assertions, String setting) {
        assertThat(Checks.setting(value, assertions)).isEqualTo(setting);
    }

    @ParameterizedTest
    @CsvSource({"on, true, full", "on, false, off", "'', true, full"})
    void aValueThatMeansNothingIsReportedAndIgnored(String value, boolean assertions, String setting) {
        Logger logger = Logger.getLogger("io.multishot");
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Filter before = logger.getFilter();
        logger.setFilter(record -> !records.add(record));
        try {
            assertThat(Checks.setting(value, assertions)).isEqualTo(setting);
        } finally {
            logger.setFilter(before);
        }
        assertThat(records)
                .singleElement()
                .satisfies(record -> assertThat(record.getMessage())
                        .contains(PROPERTY, "\"" + value + "\"", "off, leaks nor full", setting));
    }

    /** What a program sees of the checks. */
    public static final class Program implements Callable<List<String>> {
        @Override
        public List<String> call() throws InterruptedException {
            List<String> seen = new ArrayList<>();
            Receiver<Integer> recycling = Receiver.recycling();
            Sender<Integer> first = recycling.sender();
            first.drop();
            seen.add(recycling.sender() == first ? "recycles" : "does not recycle");
            try {
                first.send(1);
            } catch (IllegalStateException misuse) {
                seen.add(misuse.getMessage().contains("consumed by drop()") ? "says where" : "does not say where");
            }
            return seen;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "     , true , does not recycle, says where",
        "     , false, recycles        , ",
        "off  , true , recycles        , ",
        "full , false, does not recycle, says where",
        "leaks, true , does not recycle, does not say where"
    })
    void thePropertyIsReadOnceByTheLibrary(String value, boolean assertions, String recycles, String says)
            throws Exception {
        try (FreshLibrary library = new FreshLibrary(assertions)) {
            @SuppressWarnings("unchecked")
            Callable<List<String>> program = (Callable<List<String>>) library.user(Program.class);
            assertThat(withProperty(value, program))
                    .containsExactlyElementsOf(
                            Stream.of(recycles, says).filter(Objects::nonNull).toList());
            assertThat(withProperty("off".equals(value) ? "full" : "off", program))
                    .as("it is not read again")
                    .startsWith(recycles);
        }
    }

    /** Loses senders: one that was never used, and one that was used where the stack had no room for that. */
    public static final class LosingProgram implements Callable<List<String>> {
        private static int overflows;

        @Override
        public List<String> call() throws InterruptedException {
            List<String> outcomes = new ArrayList<>();
            outcomes.add(outcome(sender -> require(!sender.isAbandoned())));
            outcome(sender -> require(sender.send(1))); // loads what a use needs
            outcomes.add(outcome(sender -> {
                useNearTheEnd(sender);
                require(overflows > 0);
            }));
            return outcomes;
        }

        private static String outcome(Consumer<Sender<Integer>> holder) throws InterruptedException {
            Receiver<Integer> receiver = new Receiver<>();
            Waker waker = new Task(Runnable::run, () -> {});
            begin(receiver, waker, holder);
            int tries = Integer.getInteger("multishot.leak.seconds", 30) * 100;
            for (int i = 0; i < tries && receiver.poll(waker) == Poll.PENDING; i++) {
                System.gc();
                Thread.sleep(10);
            }
            return receiver.poll(waker).toString();
        }

        /** A method of its own, so that no frame of the caller holds the sender. */
        private static void begin(Receiver<Integer> receiver, Waker waker, Consumer<Sender<Integer>> holder) {
            Sender<Integer> sender = receiver.sender();
            receiver.poll(waker);
            holder.accept(sender);
        }

        /** Uses the sender on the way back from the end of the stack, until there is some room. Returns true then. */
        private static boolean useNearTheEnd(Sender<Integer> sender) {
            try {
                return useNearTheEnd(sender) || hasRoom(12, 1, 2, 3, 4, 5, 6);
            } catch (StackOverflowError end) {
                try {
                    sender.send(1);
                } catch (StackOverflowError expected) {
                    overflows++;
                }
                return false;
            }
        }

        private static boolean hasRoom(int calls, long a, long b, long c, long d, long e, long f) {
            return calls == 0 ? a != 0 : hasRoom(calls - 1, b, c, d, e, f, a);
        }

        private static void require(boolean condition) {
            if (!condition) {
                throw new AssertionError();
            }
        }
    }

    @Test
    @Tag("leak")
    @Timeout(value = 120, threadMode = SEPARATE_THREAD)
    void aLostSenderDropsItsRoundIfOnlyLeaksAreDetected() throws Exception {
        Logger logger = Logger.getLogger("io.multishot");
        logger.setUseParentHandlers(false);
        try (FreshLibrary library = new FreshLibrary(false)) {
            @SuppressWarnings("unchecked")
            Callable<List<String>> program = (Callable<List<String>>) library.user(LosingProgram.class);
            assertThat(withProperty("leaks", program)).containsExactly("DROPPED", "DROPPED");
        } finally {
            logger.setUseParentHandlers(true);
        }
    }

    private static <T> T withProperty(String value, Callable<T> program) throws Exception {
        String before = System.getProperty(PROPERTY);
        try {
            if (value == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, value);
            }
            return program.call();
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }
}
