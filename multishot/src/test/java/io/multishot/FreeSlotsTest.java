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

/** Each free slot is given to one thread, and -1 means that there was none. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class FreeSlotsTest {
    private static final int ROUNDS = 200_000;

    /** Each stripe has two cache lines of words at least, and there are some for each processor, up to 64. */
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
     * Threads that were made one after the other are the ones that ask together. As many of them as stripes use half of
     * these at least.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 12, 64})
    void threadsWithNeighbouringIdsBeginAtDifferentStripes(int stripes) {
        for (long first : new long[] {1, 30, 1_000, 123_456_789, Long.MAX_VALUE - 100}) {
            assertThat(homes(first, stripes, stripes))
                    .hasSizeGreaterThanOrEqualTo((stripes + 1) / 2)
                    .allMatch(home -> home >= 0 && home < stripes);
            assertThat(homes(first, 2 * stripes, stripes)).hasSize(stripes);
        }
    }

    private static Set<Integer> homes(long first, int threads, int stripes) {
        Set<Integer> homes = new HashSet<>();
        for (int i = 0; i < threads; i++) {
            homes.add(FreeSlots.home(first + i, stripes));
        }
        return homes;
    }

    private static int stripes(int capacity) throws ReflectiveOperationException {
        var field = FreeSlots.class.getDeclaredField("heads");
        field.setAccessible(true);
        long[] heads = (long[]) field.get(new FreeSlots(capacity));
        assertThat(heads.length % 16).isZero();
        return heads.length / 16 - 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 33, 127, 1000, 100_000})
    void everySlotIsGivenOutOnceWhoeverAsks(int capacity) throws Exception {
        FreeSlots free = new FreeSlots(capacity);
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

    private static int popOn(SecondThread<Integer> second, FreeSlots free) {
        second.start(free::pop);
        return second.join();
    }

    /** ABA: two threads that pop and push the same few slots, out of order. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 40})
    void twoThreadsNeverGetTheSameSlot(int capacity) {
        FreeSlots free = new FreeSlots(capacity);
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

    private static int popAndPush(FreeSlots free, AtomicIntegerArray owned, int atOnce) {
        List<Integer> mine = new ArrayList<>();
        RoundLimit limit = new RoundLimit(ROUNDS);
        for (int round = 0; limit.allows(round); round++) {
            int slot = free.pop();
            if (slot >= 0) {
                require(owned.getAndSet(slot, 1) == 0, "a slot has two owners", round);
                mine.add(slot);
            }
            if (slot < 0 || mine.size() > atOnce) {
                giveBack(free, owned, mine);
            }
        }
        giveBack(free, owned, mine);
        return 0;
    }

    private static void giveBack(FreeSlots free, AtomicIntegerArray owned, List<Integer> mine) {
        while (!mine.isEmpty()) {
            int slot = mine.remove(0);
            owned.set(slot, 0);
            free.push(slot);
        }
    }

    /**
     * The other thread moves the last free slot from stripe to stripe: it takes one, then gives another one back, so
     * that at each moment there is a free slot, but not always where one looks.
     */
    @ParameterizedTest
    @ValueSource(ints = {48, 200})
    void noneIsNeverSaidWhileSomeSlotIsFree(int capacity) {
        FreeSlots free = new FreeSlots(capacity);
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
                    require(slot >= 0, "the other thread has one slot at most, so one is free", at);
                    free.push(taken.set(at, slot));
                }
                return 0;
            });
            for (int round = 0; limit.allows(round); round++) {
                int slot = free.pop();
                require(slot >= 0, "the other thread takes one slot at most, so one is free", round);
                free.push(slot);
            }
            over.set(true);
            second.join();
        }
    }
}
