package io.multishot.verification.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The table of calls in docs/guarantees.md, counted on the compiled classes: at most so many read-modify-writes, and no
 * loop.
 */
class CountsTest {
    /** The operations of that table that never block. */
    private static final Set<String> NON_BLOCKING = Set.of(
            "send",
            "fail",
            "drop",
            "poll",
            "take",
            "tryReceive",
            "sender",
            "trySender",
            "abandon",
            "close",
            "onAbandon",
            "receiveAsync");

    /** What they may call outside the library. A future of the JDK has exchanges of its own, but none that waits. */
    private static final Set<String> HARMLESS = Set.of(
            "Class",
            "Throwable",
            "Object",
            "Objects",
            "Math",
            "StringConcatFactory",
            "CompletableFuture",
            "ReceiveFuture");

    private static final Set<String> LOOPS_THAT_WAIT = Set.of(
            "ThreadWaiter.spin",
            "ThreadWaiter.register",
            "ThreadWaiter.registerAndPark",
            "ThreadWaiter.find",
            "ThreadWaiter.withdraw");

    private final Library library = Library.load();

    @ParameterizedTest(name = "{0} with a cell of {1}: {2}")
    @CsvSource({
        // the rows of docs/guarantees.md
        "Sender.send,             Sender$Recycled, 1",
        "Sender.fail,             Sender$Recycled, 1",
        "Sender.drop,             Sender$Recycled, 1",
        "Sender.isAbandoned,      Sender$Recycled, 0",
        "Sender.isAbandoned,      Sender, 0",
        "Sender.onAbandon,        Sender$Recycled, 1",
        "Sender.onAbandon, Sender, 1",
        "Receiver.poll,           Sender$Recycled, 1",
        "Receiver.poll, Sender, 1",
        "Receiver.take,           Sender$Recycled, 0",
        "Receiver.take, Sender, 0",
        "Receiver.tryReceive,     Sender$Recycled, 0",
        "Receiver.tryReceive, Sender, 0",
        "Receiver.sender,         Sender$Recycled, 0",
        "Receiver.sender, Sender, 0",
        "Receiver.trySender,      Sender$Recycled, 0",
        "Receiver.trySender, Sender, 0",
        "Receiver.abandon,        Sender$Recycled, 2",
        "Receiver.abandon, Sender, 2",
        "Receiver.close,          Sender$Recycled, 2",
        "Receiver.close, Sender, 2",
        "Receiver.receiveAsync,   Sender$Recycled, 1",
        "Receiver.receiveAsync, Sender, 1",
    })
    void asThePageSays(String operation, String cell, int most) {
        assertMost(operation, Situation.withoutAssertions().withoutFuture(), cell, most);
    }

    /** A compare-and-set that fails is repeated: once for each registration or withdrawal that the receiver made. */
    @ParameterizedTest(name = "{0} with a cell of {1}: one an attempt")
    @CsvSource({
        "Sender.send,    Sender",
        "Sender.fail,    Sender",
        "Sender.drop,    Sender",
        "Sender.trySend, Sender",
        "Sender.tryFail, Sender",
        "Sender.tryDrop, Sender",
        "Sender.trySend, Sender$Recycled",
        "Sender.tryFail, Sender$Recycled",
        "Sender.tryDrop, Sender$Recycled",
    })
    void oneCompareAndSetAnAttempt(String operation, String cell) {
        assertMost(operation, Situation.withoutAssertions(), cell, 1, "Sender.consumeSlot");
    }

    /** Not counted: the drop that replaces the failure for which there is no memory. */
    @Test
    void sendFromTakesWhatSendTakes() {
        Situation enoughMemory = Situation.withoutAssertions().without("Sender.tryDrop");

        assertMost("Sender.sendFrom", enoughMemory, "Sender$Recycled", 1);
        assertMost("Sender.sendFrom", enoughMemory, "Sender", 1, "Sender.consumeSlot");
    }

    @ParameterizedTest(name = "{0}, the outcome being there: 0")
    @ValueSource(strings = {"Receiver.poll", "Receiver.abandon", "Receiver.close", "Receiver.receiveAsync"})
    void nothingIfTheOutcomeIsThere(String operation) {
        assertMost(
                operation,
                Situation.withoutAssertions()
                        .withoutFuture()
                        .answering("Sender.isLive", false)
                        .without("Sender.markDetached"), // what only a sender that was live makes it call
                "Sender$Recycled",
                0);
    }

    @Test
    void nothingIfTheSameWakerPollsAgain() {
        assertMost(
                "Receiver.poll",
                Situation.withoutAssertions().withoutFuture().sameIn("Receiver.register"),
                "Sender",
                0);
    }

    /** The first call after a future was given up withdraws that future's waiter, then does its own work. */
    @ParameterizedTest(name = "{0}, after a future: {1}")
    @CsvSource({
        "Receiver.poll,         2",
        "Receiver.take,         1",
        "Receiver.tryReceive,   1",
        "Receiver.sender,       1",
        "Receiver.trySender,    1",
        "Receiver.receiveAsync, 2",
        "Receiver.abandon,      3",
        "Receiver.close,        3",
    })
    void oneMoreAfterAFuture(String operation, int most) {
        assertMost(operation, Situation.withoutAssertions(), "Sender$Recycled", most);
    }

    @ParameterizedTest(name = "{0}: one to register, one to withdraw")
    @ValueSource(strings = {"Receiver.receive", "Receiver.receiveUninterruptibly"})
    void receiveRegistersOnceAndWithdrawsOnce(String operation) {
        Paths paths = new Paths(library, Situation.withoutAssertions().withoutFuture(), "Sender$Recycled");

        // The loops spin and park, or visit the receivers of a list; here there is one receiver.
        assertThat(most(paths, operation)).isEqualTo(2);
        assertThat(paths.loops).isSubsetOf(LOOPS_THAT_WAIT);
    }

    @ParameterizedTest(name = "{0}: one to register, one to withdraw, in each receiver")
    @ValueSource(strings = {"Receivers.awaitAny", "Receivers.awaitAll"})
    void manyRegisterOnceAndWithdrawOnceEach(String operation) {
        Paths paths = new Paths(library, Situation.withoutAssertions().withoutFuture(), "Sender$Recycled");

        // Each loop is a walk over the list, which is counted once here: what a receiver has to bear.
        assertThat(most(paths, operation)).isEqualTo(2);
        assertThat(paths.loops)
                .filteredOn(loop -> !LOOPS_THAT_WAIT.contains(loop))
                .isSubsetOf("Receivers.checked", "Receivers.scan", "Receivers.all");
    }

    @Test
    void aWakeOfATaskIsOneCompareAndSetAnAttempt() {
        Paths paths = new Paths(library, Situation.withoutAssertions().upTo("Task.submit"), "Sender$Recycled");

        assertThat(most(paths, "Task.wake")).isEqualTo(1);
        assertThat(paths.loops).containsExactly("Task.wakeWithRoom");
    }

    /** A request in the slot that is reserved for its sender: no loop. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ReplyTable.open,  1",
        "ReplyTable.claim, 1",
        "ReplyTable.send,  2",
        "ReplyTable.fail,  2",
        "ReplyTable.drop,  2",
    })
    void aSenderWithAReservedSlotAndItsTable(String operation, int most) {
        Paths paths = new Paths(
                library,
                table().without("ReplySlots.findFree")
                        .without("ReplySlots.free")
                        .answering("SlotAffinity.isAffine", true),
                "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(most);
        assertThat(paths.loops).isEmpty();
    }

    /** The compare-and-set on the free list is repeated if another thread was faster there, that on the word never. */
    @ParameterizedTest(name = "{0}: {1}, and one more if {2} or {3} goes round")
    @CsvSource({
        "ReplyTable.open,  2, FreeList.pop,  FreeList.pop",
        "ReplyTable.claim, 2, FreeList.push, FreeList.push",
        "ReplyTable.send,  3, FreeList.push, Sender.consumeSlot",
        "ReplyTable.fail,  3, FreeList.push, Sender.consumeSlot",
        "ReplyTable.drop,  3, FreeList.push, Sender.consumeSlot",
    })
    void aNewSenderAndItsTable(String operation, int most, String loop, String otherLoop) {
        Paths paths = new Paths(
                library,
                tableWithRoom()
                        .without("ReplySlots.openReserved")
                        .without("ReplySlots.resumeAffinityIfMostAreVacant")
                        .without("ReplySlots.giveBack"),
                "Sender");

        assertThat(most(paths, operation)).isEqualTo(most);
        assertThat(paths.loops).isEqualTo(new TreeSet<>(List.of(loop, otherLoop)));
    }

    /** A sample writes nothing; if most of it is vacant, one compare-and-set changes the mode. */
    @Test
    void anOpenThatTakesASample() {
        Paths paths = new Paths(library, tableWithRoom().without("ReplySlots.openReserved"), "Sender$Recycled");

        assertThat(most(paths, "ReplyTable.open")).isEqualTo(3);
        assertThat(most(paths, "ReplySlots.isVacant")).isZero();
        assertThat(paths.loops).containsExactly("FreeList.pop", "ReplySlots.resumeAffinityIfMostAreVacant");
    }

    /** Another thread takes the reserved slot after the load, and slots begin or cease to stay reserved. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"ReplyTable.open, 4", "ReplyTable.claim, 3"})
    void aSenderThatLosesItsSlot(String operation, int most) {
        Paths paths = new Paths(library, tableWithRoom(), "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(most);
        assertThat(paths.loops).isSubsetOf("FreeList.pop", "FreeList.push", "ReplySlots.resumeAffinityIfMostAreVacant");
    }

    /** Two to change the mode, and two for each reserved slot. */
    @Test
    void anOpenThatGathers() {
        Paths mode = new Paths(library, table().without("ReplySlots.giveBack"), "Sender$Recycled");
        Paths slot = new Paths(library, table(), "Sender$Recycled");

        assertThat(most(mode, "ReplySlots.gather")).isEqualTo(2);
        assertThat(most(slot, "ReplySlots.giveBack")).isEqualTo(2);
        assertThat(slot.loops).containsExactly("FreeList.push");
    }

    /** One for each slot whose sender is detached, and one to push it. */
    @Test
    void anOpenThatReclaims() {
        Paths slot = new Paths(library, table(), "Sender$Recycled");

        assertThat(most(slot, "ReplySlots.reclaim")).isEqualTo(2);
        assertThat(slot.loops).containsExactlyInAnyOrder("FreeList.push", "ReplySlots.reclaim");
    }

    /** The free list has a slot, so nothing is gathered or reclaimed, and no stack has ended in an open before. */
    private static Situation tableWithRoom() {
        return table().without("ReplySlots.gather")
                .without("ReplySlots.reclaim")
                .answering("SlotAffinity.hasStayed", true)
                .upTo("FreeList.takeStray"); // one, if there is one
    }

    /** Of 64 bits, with requests that have neither a deadline nor a context. */
    private static Situation table() {
        return anyTable().answering("ReplySlots.quarantine", false).answering("ReplySlots.hasDetails", false);
    }

    /**
     * Not counted here, because they come on top: what a refused reply takes, a waker that waits for room, the first
     * deadline or context of a table, and a deadline that is earlier than all others.
     */
    private static Situation anyTable() {
        return Situation.withoutAssertions()
                .upTo("PaddedCounter.increment")
                .upTo("RoomWakers.wakeAll")
                .upTo("ReplySlots.makeRoomForDetails")
                .upTo("Deadlines.makeRoomFor")
                .upTo("Deadlines.include")
                .upTo("Deadlines$Requests.earliest")
                .upTo("Deadlines$Requests.claimLate");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"PaddedCounter.countUnless, 1", "RoomWakers.wakeAll, 1"})
    void whatComesOnTop(String operation, int most) {
        Paths paths = new Paths(library, Situation.withoutAssertions().upTo("RoomWakers.wake"), "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(most);
    }

    /** One an attempt; another thread was faster, with an earlier deadline or another waker. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"Deadlines.include, Deadlines.include", "RoomWakers.register, RoomWakers.isIn RoomWakers.register"})
    void oneAnAttempt(String operation, String loops) {
        Paths paths = new Paths(library, Situation.withoutAssertions(), "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(1);
        assertThat(paths.loops).containsExactly(loops.split(" "));
    }

    /** The slot is reserved for the sender, but its details must be written first. */
    @Test
    void aRequestWithDetails() {
        Situation reserved = anyTable().answering("ReplySlots.hasDetails", true).without("ReplySlots.findFree");
        Paths paths = new Paths(library, reserved, "Sender$Recycled");

        assertThat(most(paths, "ReplyTable.open")).isEqualTo(2);
        assertThat(paths.loops).isEmpty();
    }

    /** One to make the ticket an orphan; then the sender's. */
    @Test
    void aRequestOfFewBitsThatIsGivenUp() {
        Situation orphaned = fewBits()
                .without("ReplySlots.free")
                .without("ReplySlots.giveBack")
                .without("ReplySlots.release");
        Paths paths = new Paths(library, orphaned, "Sender$Recycled");

        assertThat(most(paths, "ReplyTable.drop")).isEqualTo(2);
        assertThat(most(paths, "ReplySlots.claimLate")).isEqualTo(1);
        assertThat(paths.loops).isEmpty();
    }

    /** One to release the orphan and one to push its slot; one before that if it is given up at the same moment. */
    @Test
    void aLateReplyInATableOfFewBits() {
        Paths paths = new Paths(library, fewBits().without("ReplySlots.giveBack"), "Sender$Recycled");

        assertThat(most(paths, "ReplySlots.release")).isEqualTo(2);
        assertThat(most(paths, "ReplySlots.releaseOpenedBefore")).isEqualTo(3);
        assertThat(most(paths, "ReplyTable.claim")).isEqualTo(3);
        assertThat(paths.loops).containsExactly("FreeList.push");
    }

    private static Situation fewBits() {
        return anyTable().answering("ReplySlots.quarantine", true);
    }

    /** Wait-free: the words have no free list. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"ReplyTable.openAs, 2", "ReplyTable.claim, 2", "ReplyTable.send, 3", "ReplyTable.drop, 3"})
    void aTicketThatIsChosen(String operation, int most) {
        Situation chosen = fewBits().without("FreeList.push").without("ReplySlots.release");
        Paths paths = new Paths(library, chosen.without("ReplySlots.giveBack"), "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(most);
        assertThat(paths.loops).isEmpty();
    }

    @ParameterizedTest(name = "{0}: 0")
    @ValueSource(strings = {"ReplyTable.context", "ReplyTable.nanosUntilExpiry", "ReplyQueue.nanosUntilExpiry"})
    void whatOnlyLoads(String operation) {
        assertMost(operation, Situation.withoutAssertions(), "Sender$Recycled", 0);
    }

    /** Two to begin the walk, one of them repeated if another thread makes the bound earlier; and one walk. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ReplyTable.expire", "ReplyQueue.expire"})
    void expireItself(String operation) {
        Situation nobodyIsLate = anyTable().without("Sender.consumeBy");
        Paths paths = new Paths(library, nobodyIsLate, "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(2);
        assertThat(paths.loops).containsExactly("Deadlines.begin", "Deadlines.expire");
    }

    /** The loop of a reply goes on to the place behind if failAll has freed one, or if a request is given up. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ReplyQueue.open,             1, ''",
        "ReplyQueue.send,             2, ReplyQueue.claimOldest",
        "ReplyQueue.fail,             2, ReplyQueue.claimOldest",
        "ReplyQueue$Places.claimLate, 1, ''",
        "ReplyQueue.claimFrom,        1, ReplyQueue.claimFrom",
        "ReplyQueue.wordGetAndSetClosed, 1, ''",
    })
    void aQueue(String operation, int most, String loop) {
        Paths paths = new Paths(library, anyTable(), "Sender$Recycled");

        assertThat(most(paths, operation)).isEqualTo(most);
        assertThat(paths.loops).isEqualTo(loop.isEmpty() ? Set.of() : Set.of(loop));
    }

    @ParameterizedTest(name = "cells of {0}")
    @ValueSource(strings = {"Sender$Recycled", "Sender"})
    @DisplayName("without assertions nothing of the checked mode is reached")
    void theCheckedModeIsOutside(String cell) {
        Paths paths = new Paths(library, Situation.withoutAssertions(), cell);
        for (String operation : NON_BLOCKING) {
            most(paths, ownerOf(operation) + "." + operation);
        }

        assertThat(paths.reached)
                .contains(
                        cell.equals("Sender") ? "Sender.consumeSlot" : "Sender$Recycled.exchange", "Receiver.register")
                .noneMatch(name -> name.startsWith("CheckedSender")
                        || name.startsWith("LeakDetector")
                        || name.startsWith("UseRecord.")
                        || name.startsWith("OverlapCheck"));
    }

    @Test
    void noLocksAnywhere() {
        Set<String> found = new TreeSet<>();
        for (ClassNode owner : library.classes()) {
            for (MethodNode method : owner.methods) {
                String where = new Library.Method(owner, method).name();
                if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                    found.add(where + " synchronized");
                }
                for (AbstractInsnNode instruction : method.instructions) {
                    blocking(instruction).ifPresent(what -> found.add(where + " " + what));
                }
            }
        }

        assertThat(found)
                .containsExactly(
                        "ThreadWaiter.onOutcome LockSupport.unpark",
                        "ThreadWaiter.park LockSupport.park",
                        "ThreadWaiter.park LockSupport.parkNanos",
                        "ThreadWaiter.pause Thread.onSpinWait",
                        "ThreadWaiter.pause Thread.yield");
    }

    /** In the loops that park, where the withdrawal decides whether the interrupt or the outcome was first. */
    @Test
    void interruptsAreLookedForInTheLoopsThatPark() {
        List<String> found = new ArrayList<>();
        for (ClassNode owner : library.classes()) {
            for (MethodNode method : owner.methods) {
                for (AbstractInsnNode instruction : method.instructions) {
                    if (instruction instanceof MethodInsnNode call
                            && call.owner.equals("java/lang/Thread")
                            && call.name.equals("interrupted")) {
                        String where = new Library.Method(owner, method).name();
                        found.add(where + ((method.access & Opcodes.ACC_STATIC) != 0 ? ", static" : ""));
                    }
                }
            }
        }

        assertThat(found).containsExactly("ThreadWaiter.registerAndPark, static");
    }

    private static Optional<String> blocking(AbstractInsnNode instruction) {
        if (instruction.getOpcode() == Opcodes.MONITORENTER) {
            return Optional.of("monitorenter");
        }
        if (!(instruction instanceof MethodInsnNode call)) {
            return Optional.empty();
        }
        boolean locks = call.owner.startsWith("java/util/concurrent/locks/");
        boolean waits = Set.of("wait", "sleep", "yield", "join", "onSpinWait").contains(call.name);
        String name = Library.shortName(call.owner) + "." + call.name;
        return locks || waits ? Optional.of(name) : Optional.empty();
    }

    private void assertMost(String operation, Situation situation, String cell, int most, String... loops) {
        Paths paths = new Paths(library, situation, cell);

        assertThat(most(paths, operation)).as("read-modify-writes").isEqualTo(most);
        assertThat(paths.loops).as("loops").containsExactly(loops);
        assertThat(paths.outside).as("calls outside the library").allMatch(CountsTest::isHarmless);
    }

    private static boolean isHarmless(String call) {
        String owner = call.substring(0, Math.max(call.indexOf('.'), 0));
        return HARMLESS.contains(owner) || owner.endsWith("Exception");
    }

    private int most(Paths paths, String operation) {
        int dot = operation.indexOf('.');
        return library.named(operation.substring(0, dot), operation.substring(dot + 1)).stream()
                .mapToInt(paths::most)
                .max()
                .orElseThrow();
    }

    private static String ownerOf(String operation) {
        return Set.of("send", "fail", "drop", "onAbandon").contains(operation) ? "Sender" : "Receiver";
    }
}
