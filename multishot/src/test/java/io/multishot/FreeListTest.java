package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each slot is popped by one thread until it is pushed again, and -1 means that the list was empty. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class FreeListTest {
    private static final int ROUNDS = 200_000;

    /** Each stripe has at least two cache lines of words; there are four stripes for each processor, at most 64. */
    @ParameterizedTest(name = "{0} slots: {1} stripes")
    @CsvSource({"1, 1", "16, 1", "17, 2", "32, 2", "33, 3", "48, 3", "49, 4"})
    void aSmallListHasFewStripes(int capacity, int stripes) throws Exception {
        assertThat(stripes(capacity)).isEqualTo(stripes);
    }

    @Test
    void aLargeListHasStripesForEachProcessor() throws Exception {
        int most = Math.min(4 * Runtime.getRuntime().availableProcessors(), 64);
        assertThat(stripes(1 << 20)).isBetween(most / 2 + 1, most);
        assertThat(stripes(most << 14)).isEqualTo(most);
        assertThat(stripes((most << 14) + 1)).isLessThanOrEqualTo(most);
    }

    /**
     * Threads that were made one after the other make requests at the same time. As many of them as there are stripes
     * use at least half of these.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 12, 64})
    void threadsWithNeighbouringIdsBeginAtDifferentStripes(int stripes) {
        for (long first : new long[] {1, 30, 1_000, 123_456_789, Long.MAX_VALUE - 100}) {
            assertThat(firstStripes(first, stripes, stripes))
                    .hasSizeGreaterThanOrEqualTo((stripes + 1) / 2)
                    .allMatch(stripe -> stripe >= 0 && stripe < stripes);
            assertThat(firstStripes(first, 2 * stripes, stripes)).hasSize(stripes);
        }
    }

    @Test
    void aStraySlotIsPoppedOnce() {
        FreeList list = new FreeList(0, 2);
        int taken = list.pop();
        list.stray = taken;
        assertThat(list.pop()).isEqualTo(taken);
        assertThat(list.pop()).isEqualTo(1 - taken);
        assertThat(list.pop()).isEqualTo(-1);
    }

    private static Set<Integer> firstStripes(long first, int threads, int stripes) {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < threads; i++) {
            found.add(FreeList.firstStripe(first + i, stripes));
        }
        return found;
    }

    private static int stripes(int capacity) throws ReflectiveOperationException {
        var field = FreeList.class.getDeclaredField("heads");
        field.setAccessible(true);
        long[] heads = (long[]) field.get(new FreeList(0, capacity));
        assertThat(heads.length % 16).isZero();
        return heads.length / 16 - 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 33, 127, 1000, 100_000})
    void everySlotIsPoppedOnceOnAnyThread(int capacity) throws Exception {
        FreeList free = new FreeList(0, capacity);
        for (int round = 0; round < 3; round++) {
            Set<Integer> slots = new HashSet<>();
            try (SecondThread<Integer> second = new SecondThread<>()) {
                for (int i = 0; i < capacity; i++) {
                    boolean other = i % 3 == 0 && capacity < 2000;
                    int slot = other ? popOn(second, free) : free.pop();
                    assertThat(slot).isBetween(0, capacity - 1);
                    assertThat(slots.add(slot)).isTrue();
                }
                assertThat(free.pop()).isEqualTo(-1);
                assertThat(popOn(second, free)).isEqualTo(-1);
            }
            slots.forEach(free::push);
        }
    }

    private static int popOn(SecondThread<Integer> second, FreeList free) {
        second.start(free::pop);
        return second.join();
    }

    /** ABA: two threads pop and push the same few slots, out of order. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 40})
    void twoThreadsNeverGetTheSameSlot(int capacity) {
        FreeList free = new FreeList(0, capacity);
        AtomicIntegerArray owned = new AtomicIntegerArray(capacity);
        try (SecondThread<Integer> second = new SecondThread<>()) {
            second.start(() -> popAndPush(free, owned, 1 + capacity / 3));
            popAndPush(free, owned, 1 + capacity / 3);
            second.join();
        }
        for (int i = 0; i < capacity; i++) {
            assertThat(free.pop()).isNotEqualTo(-1);
        }
        assertThat(free.pop()).isEqualTo(-1);
    }

    private static int popAndPush(FreeList free, AtomicIntegerArray owned, int atOnce) {
        List<Integer> mine = new ArrayList<>();
        RoundLimit limit = new RoundLimit(ROUNDS);
        for (int round = 0; limit.allows(round); round++) {
            int slot = free.pop();
            if (slot >= 0) {
                require(owned.getAndSet(slot, 1) == 0, "a slot has two owners", round);
                mine.add(slot);
            }
            if (slot < 0 || mine.size() > atOnce) {
                pushAll(free, owned, mine);
            }
        }
        pushAll(free, owned, mine);
        return 0;
    }

    private static void pushAll(FreeList free, AtomicIntegerArray owned, List<Integer> mine) {
        while (!mine.isEmpty()) {
            int slot = mine.remove(0);
            owned.set(slot, 0);
            free.push(slot);
        }
    }

    /**
     * The other thread moves the last free slot from stripe to stripe: it pops one, then pushes another one. So there
     * is a free slot at each moment, but not always in the same stripe.
     */
    @ParameterizedTest
    @ValueSource(ints = {48, 200})
    void theListIsNotEmptyWhileSomeSlotIsFree(int capacity) {
        FreeList free = new FreeList(0, capacity);
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < capacity - 2; i++) {
            taken.add(free.pop());
        }
        RoundLimit limit = new RoundLimit(ROUNDS);
        try (SecondThread<Integer> second = new SecondThread<>()) {
            AtomicBoolean over = new AtomicBoolean();
            second.start(() -> {
                for (int at = 0; !over.get(); at = (at + 7) % taken.size()) {
                    int slot = free.pop();
                    require(slot >= 0, "the other thread has at most one slot, so one is free", at);
                    free.push(taken.set(at, slot));
                }
                return 0;
            });
            for (int round = 0; limit.allows(round); round++) {
                int slot = free.pop();
                require(slot >= 0, "the other thread has at most one slot, so one is free", round);
                free.push(slot);
            }
            over.set(true);
            second.join();
        }
    }
}
