package io.multishot.verification.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.multishot.verification.planted.Check.Kind;
import io.multishot.verification.planted.PatchedLibrary.Result;
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
 * Each planted bug is caught by each of its checks. The checks of the quick tier pass on the library as it is, run in
 * the same way. They are quick because each is the one method that shows the bug, and because several run at once.
 */
class PlantedBugsTest {
    /** How often a check runs before the bug counts as survived, because a race on real threads needs luck. */
    private static final int ATTEMPTS = 3;

    /**
     * Checks that only compute. They start last, because some of the others wait for up to ten seconds, and no
     * processor should idle at the end for that.
     */
    private static final Set<Kind> BUSY = Set.of(Kind.INTERLEAVINGS, Kind.COUNTS);

    /** All bugs, or those whose names match: {@code -Dmultishot.planted=wake-.*}. */
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
    Stream<DynamicTest> eachPlantedBugIsCaught() {
        return trials(PlantedBug::quick, threads);
    }

    /** One after the other, because some of these use all processors. */
    @Tag("deep")
    @TestFactory
    Stream<DynamicTest> eachPlantedBugIsCaughtInTheDeepTier() {
        return trials(PlantedBug::deep, oneThread);
    }

    /**
     * Shows that the checks pass without a bug: otherwise whatever makes them fail here would count as a caught bug. A
     * few interleavings suffice for that. jcstress and the soak run on the unchanged library elsewhere in the build.
     */
    @TestFactory
    Stream<DynamicTest> theLibraryAsItIsPasses() {
        PatchedLibrary unchanged = PatchedLibrary.compile("nothing", List.of());
        Map<Kind, List<Check>> checks = new EnumMap<>(Kind.class);
        bugs.stream()
                .flatMap(bug -> bug.quick().stream())
                .distinct()
                .forEach(check -> checks.computeIfAbsent(check.kind(), kind -> new ArrayList<>())
                        .add(check));
        checks.keySet().removeAll(Set.of(Kind.STRESS, Kind.SOAK));
        Action<Kind> passes = kind -> assertThat(unchanged.run(
                        kind, checks.get(kind), "-Dmultishot.interleavings=10", "-Dmultishot.leak.seconds=60"))
                .isEqualTo(Result.PASSED);
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
                trial -> assertThat(result(trial.bug(), trial.check()))
                        .as("the result of " + trial.check())
                        .isEqualTo(Result.FAILED),
                executor);
    }

    private static Result result(PlantedBug bug, Check check) throws Exception {
        PatchedLibrary patched = PatchedLibrary.compile(bug.name() + "-" + check.kind(), bug.changes());
        Result result = Result.PASSED;
        for (int attempt = 0; attempt < ATTEMPTS && result == Result.PASSED; attempt++) {
            long start = System.nanoTime();
            result = patched.run(check);
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
            System.out.printf(Locale.ROOT, "planted %s: %s %s %.1f s%n", bug, check.name(), result, seconds);
        }
        return result;
    }

    /** Code that may throw. */
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
