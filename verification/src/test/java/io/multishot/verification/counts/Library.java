package io.multishot.verification.counts;

import io.multishot.Receiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** The compiled classes of the library, from a directory or a jar on the class path. */
final class Library {
    static final String PACKAGE = "io/multishot/";

    private static final String SENDER = PACKAGE + "Sender";

    private final Map<String, ClassNode> classes = new TreeMap<>();

    /** A method where it is defined. */
    record Method(ClassNode owner, MethodNode node) {
        /** For people and tables: {@code Receiver.pollSlot}. */
        String name() {
            return shortName(owner.name) + "." + node.name;
        }
    }

    static Library load() {
        try {
            URI place = Receiver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path path = Path.of(place);
            Library library = new Library();
            if (Files.isDirectory(path)) {
                library.read(path.resolve(PACKAGE));
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(path)) {
                    library.read(jar.getPath("/" + PACKAGE));
                }
            }
            return library;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void read(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            ClassNode node = new ClassNode();
            new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_FRAMES);
            classes.put(node.name, node);
        }
    }

    Collection<ClassNode> classes() {
        return classes.values();
    }

    boolean contains(String owner) {
        return classes.containsKey(owner);
    }

    static String shortName(String owner) {
        return owner.substring(owner.lastIndexOf('/') + 1);
    }

    /** Finds methods by the short name of their class and their own name. */
    List<Method> named(String shortClass, String name) {
        ClassNode owner = classes.get(PACKAGE + shortClass);
        if (owner == null) {
            throw new IllegalArgumentException("no class " + shortClass);
        }
        for (ClassNode at = owner; at != null; at = classes.get(at.superName)) {
            List<Method> found = new ArrayList<>();
            for (MethodNode method : at.methods) {
                if (method.name.equals(name)) {
                    found.add(new Method(at, method));
                }
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new IllegalArgumentException("no method " + shortClass + "." + name);
    }

    /**
     * Returns the methods that a call may reach. Every cell is assumed to be of the given class; elsewhere all
     * overriding methods count. Empty if the method is inherited from outside the library.
     */
    List<Method> targets(String owner, String name, String descriptor, boolean virtual, String cell) {
        boolean ofCell = virtual && isA(owner, SENDER) && isA(cell, owner);
        List<Method> targets = new ArrayList<>();
        lookUp(ofCell ? cell : owner, name, descriptor).ifPresent(targets::add);
        if (virtual && !ofCell) {
            for (ClassNode other : classes.values()) {
                if (!other.name.equals(owner) && isA(other.name, owner)) {
                    declared(other, name, descriptor).ifPresent(targets::add);
                }
            }
        }
        return targets;
    }

    private Optional<Method> lookUp(String owner, String name, String descriptor) {
        for (ClassNode at = classes.get(owner); at != null; at = classes.get(at.superName)) {
            Optional<Method> found = declared(at, name, descriptor);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Method> declared(ClassNode owner, String name, String descriptor) {
        return owner.methods.stream()
                .filter(method -> method.name.equals(name) && method.desc.equals(descriptor))
                .map(method -> new Method(owner, method))
                .findFirst();
    }

    private boolean isA(String owner, String ancestor) {
        for (String at = owner; at != null; at = superOf(at)) {
            if (at.equals(ancestor)) {
                return true;
            }
        }
        return false;
    }

    private String superOf(String owner) {
        ClassNode node = classes.get(owner);
        return node == null ? null : node.superName;
    }
}
