package io.multishot.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A benchmark, callable without JMH. */
public record BenchmarkMethod(Class<?> owner, Method method) {
    private static final Blackhole BLACKHOLE = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");

    /** Returns all benchmarks that JMH finds whose state extends this class. */
    public static List<BenchmarkMethod> of(Class<?> state) {
        List<BenchmarkMethod> found = new ArrayList<>();
        for (BenchmarkListEntry entry : BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())) {
            Class<?> owner = load(entry.getUserClassQName());
            BenchmarkMethod method = new BenchmarkMethod(owner, method(owner, entry.getUsername()));
            if (state.isAssignableFrom(owner) && !found.contains(method)) {
                found.add(method);
            }
        }
        found.sort(Comparator.comparing(BenchmarkMethod::name));
        return found;
    }

    public String name() {
        return owner.getName().replaceAll(".*\\.", "").replace('$', '.') + "." + method.getName();
    }

    public Object newState() throws ReflectiveOperationException {
        return owner.getConstructor().newInstance();
    }

    public Object call(Object state) throws Exception {
        try {
            return method.getParameterCount() == 0 ? method.invoke(state) : method.invoke(state, BLACKHOLE);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() instanceof Exception cause ? cause : thrown;
        }
    }

    /** Loads a class by JMH's name of it, which has dots in front of nested classes. */
    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            int dot = name.lastIndexOf('.');
            if (dot < 0) {
                throw new AssertionError(missing);
            }
            return load(name.substring(0, dot) + "$" + name.substring(dot + 1));
        }
    }

    private static Method method(Class<?> owner, String qualified) {
        String name = qualified.substring(qualified.lastIndexOf('.') + 1);
        return Stream.of(owner.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class)
                        && method.getName().equals(name))
                .findAny()
                .orElseThrow();
    }
}
