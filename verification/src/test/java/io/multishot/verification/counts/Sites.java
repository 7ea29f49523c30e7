package io.multishot.verification.counts;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Every place of the library where shared memory is accessed: calls of VarHandles, calls of the methods that contain
 * those, and direct accesses to the fields behind them.
 */
final class Sites {
    static final String VAR_HANDLE = "java/lang/invoke/VarHandle";

    private static final Set<String> HANDLED = Set.of(
            "Sender.slot",
            "Sender.abandonment",
            "CheckedSender$Cell.claim",
            "OverlapCheck.occupant",
            "ReceiveFuture.verdict",
            "ReceiveFuture$OwnedCell.future");

    /** Whose methods stand for an access. Elsewhere a VarHandle is used right where it is needed. */
    private static final Set<String> NAMING = Set.of(
            "Sender",
            "CheckedSender$Cell",
            "ReceiveFuture",
            "ReceiveFuture$OwnedCell",
            "ReplySlots",
            "ReplyQueue",
            "SlotAffinity",
            "FreeList",
            "PaddedCounter");

    private final Library library;

    Sites(Library library) {
        this.library = library;
    }

    static boolean isReadModifyWrite(String varHandleMethod) {
        return varHandleMethod.startsWith("getAnd")
                || varHandleMethod.toLowerCase().contains("compareand");
    }

    /** Each site as {@code Class.method access}, sorted; one that occurs twice is listed twice. */
    List<String> all() {
        Set<String> accessors = accessors();
        List<String> sites = new ArrayList<>();
        for (ClassNode owner : library.classes()) {
            for (MethodNode method : owner.methods) {
                String where = new Library.Method(owner, method).name();
                for (AbstractInsnNode instruction : method.instructions) {
                    String access = access(instruction, accessors);
                    if (access != null) {
                        sites.add(where + " " + access);
                    }
                }
            }
        }
        sites.sort(null);
        return sites;
    }

    /** The methods with a VarHandle in them, by whose names others say which access they want. */
    private Set<String> accessors() {
        Set<String> accessors = new TreeSet<>();
        for (ClassNode owner : library.classes()) {
            if (!NAMING.contains(Library.shortName(owner.name))) {
                continue;
            }
            for (MethodNode method : owner.methods) {
                for (AbstractInsnNode instruction : method.instructions) {
                    if (instruction instanceof MethodInsnNode call && call.owner.equals(VAR_HANDLE)) {
                        accessors.add(new Library.Method(owner, method).name());
                    }
                }
            }
        }
        return accessors;
    }

    private String access(AbstractInsnNode instruction, Set<String> accessors) {
        if (instruction instanceof MethodInsnNode call) {
            if (call.owner.equals(VAR_HANDLE)) {
                boolean fence = call.getOpcode() == Opcodes.INVOKESTATIC;
                return (fence ? "VarHandle" : handleBefore(call)) + "." + call.name;
            }
            // Through a subclass or not, the accessor is what is called.
            for (Library.Method target : library.targets(call.owner, call.name, call.desc, false, call.owner)) {
                if (accessors.contains(target.name())) {
                    return target.name();
                }
            }
            return null;
        }
        return instruction instanceof FieldInsnNode field ? direct(field) : null;
    }

    /** The field that holds the handle: the last one that was loaded. */
    private static String handleBefore(MethodInsnNode call) {
        for (AbstractInsnNode at = call.getPrevious(); at != null; at = at.getPrevious()) {
            if (at instanceof FieldInsnNode field && field.desc.equals("L" + VAR_HANDLE + ";")) {
                return field.name;
            }
        }
        throw new IllegalStateException("a VarHandle from nowhere");
    }

    /** A plain access to a field that is meant for a VarHandle, or an access to a volatile field. */
    private String direct(FieldInsnNode field) {
        String name = Library.shortName(field.owner) + "." + field.name;
        boolean load = field.getOpcode() == Opcodes.GETFIELD || field.getOpcode() == Opcodes.GETSTATIC;
        if (isVolatile(field)) {
            return name + (load ? " volatile load" : " volatile store");
        }
        if (HANDLED.contains(name)) {
            return name + (load ? " plain load" : " plain store");
        }
        return null;
    }

    private boolean isVolatile(FieldInsnNode access) {
        return library.classes().stream()
                .filter(owner -> owner.name.equals(access.owner))
                .flatMap(owner -> owner.fields.stream())
                .filter(field -> field.name.equals(access.name))
                .map((FieldNode field) -> (field.access & Opcodes.ACC_VOLATILE) != 0)
                .findFirst()
                .orElse(false);
    }
}
