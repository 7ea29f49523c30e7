package io.multishot.verification.counts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * All paths through an operation, calls inside the library included, exceptions too: the most atomic read-modify-writes
 * on any of them, and everything else that was met on the way. What takes a step back at the end of a stack is left
 * out: it follows a call that has failed.
 *
 * <p>A path stops where it would go round a loop or into a recursion; that is reported, so "at most n" means "at most
 * n" only where there is no loop.
 */
final class Paths {
    private static final int IMPOSSIBLE = Integer.MIN_VALUE / 2;

    /** Calls itself a constant number of times, and accesses nothing: so it is not a loop that a bound depends on. */
    private static final String OF_CONSTANT_DEPTH = "StackRoom.descend";

    private static final String END_OF_STACK = "java/lang/StackOverflowError";

    private final Library library;
    private final Situation situation;
    private final String cell;

    private final Map<String, Integer> known = new HashMap<>();
    private final Set<String> entered = new HashSet<>();

    /** Methods that contain a loop, or call themselves. */
    final Set<String> loops = new TreeSet<>();

    /** Methods of the library that were reached. */
    final Set<String> reached = new TreeSet<>();

    /** Methods outside the library that were reached, monitors too. VarHandles are not listed. */
    final Set<String> outside = new TreeSet<>();

    Paths(Library library, Situation situation, String cell) {
        this.library = library;
        this.situation = situation;
        this.cell = Library.PACKAGE + cell;
    }

    /** The most read-modify-writes on any path through this method. */
    int most(Library.Method method) {
        String name = method.name();
        String key = name + method.node().desc;
        Integer before = known.get(key);
        if (before != null) {
            return before;
        }
        if (!entered.add(key)) {
            if (!name.equals(OF_CONSTANT_DEPTH)) {
                loops.add(name);
            }
            return 0;
        }
        reached.add(name);
        int most = new Walk(method).from(0);
        entered.remove(key);
        known.put(key, most);
        return most;
    }

    /** One method's instructions. */
    private final class Walk {
        private final Library.Method method;
        private final InsnList code;
        private final Map<Integer, Integer> done = new HashMap<>();
        private final Set<Integer> onPath = new HashSet<>();

        Walk(Library.Method method) {
            this.method = method;
            this.code = method.node().instructions;
        }

        int from(int index) {
            Integer before = done.get(index);
            if (before != null) {
                return before;
            }
            if (!onPath.add(index)) {
                loops.add(method.name());
                return 0;
            }
            AbstractInsnNode instruction = code.get(index);
            int weight = weight(instruction);
            int most = IMPOSSIBLE;
            if (weight != IMPOSSIBLE) {
                List<Integer> next = successors(instruction);
                most = next.isEmpty() ? weight : IMPOSSIBLE;
                for (int successor : next) {
                    most = Math.max(most, Math.max(weight + from(successor), IMPOSSIBLE));
                }
            }
            onPath.remove(index);
            done.put(index, most);
            return most;
        }

        private int weight(AbstractInsnNode instruction) {
            if (instruction.getOpcode() == Opcodes.MONITORENTER) {
                outside.add("monitorenter");
            }
            if (instruction instanceof InvokeDynamicInsnNode dynamic) {
                outside.add(Library.shortName(dynamic.bsm.getOwner()) + "." + dynamic.bsm.getName());
            }
            if (!(instruction instanceof MethodInsnNode call)) {
                return 0;
            }
            String name = Library.shortName(call.owner) + "." + call.name;
            if (situation.isImpossible(name)) {
                return IMPOSSIBLE;
            }
            if (situation.isBeyond(name)) {
                return 0;
            }
            if (call.owner.equals(Sites.VAR_HANDLE)) {
                return Sites.isReadModifyWrite(call.name) ? 1 : 0;
            }
            List<Library.Method> targets =
                    library.targets(call.owner, call.name, call.desc, call.getOpcode() != Opcodes.INVOKESPECIAL, cell);
            if (targets.isEmpty()) {
                outside.add(name);
                return 0;
            }
            return targets.stream().mapToInt(Paths.this::most).max().orElseThrow();
        }

        private List<Integer> successors(AbstractInsnNode instruction) {
            List<AbstractInsnNode> next = new ArrayList<>();
            int opcode = instruction.getOpcode();
            if (instruction instanceof JumpInsnNode jump) {
                Boolean taken = taken(jump);
                if (taken == null || taken) {
                    next.add(jump.label);
                }
                if (opcode != Opcodes.GOTO && (taken == null || !taken)) {
                    next.add(instruction.getNext());
                }
            } else if (instruction instanceof TableSwitchInsnNode table) {
                next.addAll(table.labels);
                next.add(table.dflt);
            } else if (instruction instanceof LookupSwitchInsnNode lookup) {
                next.addAll(lookup.labels);
                next.add(lookup.dflt);
            } else if (opcode != Opcodes.ATHROW && !(opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN)) {
                next.add(instruction.getNext());
            }
            if (instruction instanceof MethodInsnNode || opcode == Opcodes.ATHROW) {
                for (TryCatchBlockNode handler : method.node().tryCatchBlocks) {
                    int index = code.indexOf(instruction);
                    boolean covers = code.indexOf(handler.start) <= index && index < code.indexOf(handler.end);
                    if (covers && !END_OF_STACK.equals(handler.type)) {
                        next.add(handler.handler);
                    }
                }
            }
            return next.stream().map(code::indexOf).toList();
        }

        /** Whether this jump is taken in the situation; null if that is open. */
        private Boolean taken(JumpInsnNode jump) {
            int opcode = jump.getOpcode();
            if (opcode == Opcodes.IF_ACMPEQ || opcode == Opcodes.IF_ACMPNE) {
                return situation.isSameIn(method.name()) ? opcode == Opcodes.IF_ACMPEQ : null;
            }
            if (opcode != Opcodes.IFEQ && opcode != Opcodes.IFNE) {
                return null;
            }
            Boolean answer = situation.answer(named(jump.getPrevious()));
            return answer == null ? null : answer == (opcode == Opcodes.IFNE);
        }

        private String named(AbstractInsnNode instruction) {
            if (instruction instanceof FieldInsnNode field) {
                return Library.shortName(field.owner) + "." + field.name;
            }
            return instruction instanceof MethodInsnNode call ? Library.shortName(call.owner) + "." + call.name : "";
        }
    }
}
