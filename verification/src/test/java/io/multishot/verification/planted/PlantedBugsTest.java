package io.multishot.verification.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.multishot.verification.planted.Check.Kind;
import io.multishot.verification.planted.Garden.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each planted bug is caught by each of its checks, and the quick ones pass on the library as it is, run in the same
 * way. Those of the quick tier are quick because each is the one method that shows the bug; several run at once.
 */
class PlantedBugsTest {
    /** So many attempts has a check that needs luck, like a race on real threads, before the bug counts as survived. */
    private static final int ATTEMPTS = 3;

    /**
     * Checks that only compute. They start last: of the others some wait for ten seconds, and nothing should wait for
     * them.
     */
    private static final Set<Kind> BUSY = Set.of(Kind.INTERLEAVINGS, Kind.COUNTS);

    /** All, or those whose names match: -Dmultishot.planted=wake-.* */
    private final List<PlantedBug> bugs = PlantedBug.all().stream()
            .filter(bug -> bug.name().matches(System.getProperty("multishot.planted", ".*")))
            .toList();

    private final ExecutorService threads =
            Executors.newFixedThreadPool(1 + Runtime.getRuntime().availableProcessors());
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        oneThread.shutdownNow();
    }

    @Test
    void eachBugHasACheckInEveryBuild() {
        assertThat(bugs).isNotEmpty().allSatisfy(bug -> {
            assertThat(bug.quick()).isNotEmpty();
            assertThat(bug.changes()).isNotEmpty();
            assertThat(bug.guarantee()).isNotBlank();
            assertThat(bug.mistake()).isNotBlank();
        });
    }

    @TestFactory
    Stream<DynamicTest> a_planted_bug_is_caught() {
        return trials(PlantedBug::quick, threads);
    }

    /** One after the other: some of these run for a while, and use all processors. */
    @Tag("deep")
    @TestFactory
    Stream<DynamicTest> a_planted_bug_is_caught_once_more() {
        return trials(PlantedBug::deep, oneThread);
    }

    /**
     * Without a bug the checks pass; else whatever makes them fail here would pass for a bug that is caught. Few
     * interleavings are enough for that, and for jcstress and the soak it is what they do elsewhere in the build.
     */
    @TestFactory
    Stream<DynamicTest> the_library_as_it_is_passes() {
        Garden sound = Garden.plant("nothing", List.of());
        Map<Kind, List<Check>> checks = new EnumMap<>(Kind.class);
        bugs.stream().flatMap(bug -> bug.quick().stream()).distinct().forEach(check -> checks.computeIfAbsent(
                        check.kind(), kind -> new ArrayList<>())
                .add(check));
        checks.keySet().removeAll(Set.of(Kind.STRESS, Kind.SOAK));
        Action<Kind> passes = kind -> assertThat(sound.run(
                        kind, checks.get(kind), "-Dmultishot.interleavings=10", "-Dmultishot.leak.seconds=60"))
                .isEqualTo(Verdict.PASSED);
        return inBackground(List.copyOf(checks.keySet()), Kind::name, passes, threads);
    }

    private Stream<DynamicTest> trials(Function<PlantedBug, List<Check>> tier, ExecutorService executor) {
        record Trial(PlantedBug bug, Check check) {}
        List<Trial> trials = bugs.stream()
                .flatMap(bug -> tier.apply(bug).stream().map(check -> new Trial(bug, check)))
                .sorted(Comparator.comparing(
                        trial -> BUSY.contains(trial.check().kind())))
                .toList();
        return inBackground(
                trials,
                trial -> trial.bug().name() + " by " + trial.check().name(),
                trial -> assertThat(verdict(trial.bug(), trial.check()))
                        .as("the verdict of " + trial.check())
                        .isEqualTo(Verdict.FAILED),
                executor);
    }

    private static Verdict verdict(PlantedBug bug, Check check) throws Exception {
        Garden garden = Garden.plant(bug.name() + "-" + check.kind(), bug.changes());
        Verdict verdict = Verdict.PASSED;
        for (int attempt = 0; attempt < ATTEMPTS && verdict == Verdict.PASSED; attempt++) {
            long start = System.nanoTime();
            verdict = garden.run(check);
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
            System.out.printf(Locale.ROOT, "planted %s: %s %s %.1f s%n", bug, check.name(), verdict, seconds);
        }
        return verdict;
    }

    /** What a trial does; it may throw. */
    @FunctionalInterface
    private interface Action<A> {
        void accept(A argument) throws Exception;
    }

    private static <A> Stream<DynamicTest> inBackground(
            List<A> arguments, Function<A, String> name, Action<A> action, ExecutorService executor) {
        List<DynamicTest> tests = new ArrayList<>();
        for (A argument : arguments) {
            Callable<Void> work = () -> {
                action.accept(argument);
                return null;
            };
            Future<Void> done = executor.submit(work);
            tests.add(dynamicTest(name.apply(argument), () -> await(done)));
        }
        return tests.stream();
    }

    private static void await(Future<Void> done) throws Throwable {
        try {
            done.get();
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }
}
