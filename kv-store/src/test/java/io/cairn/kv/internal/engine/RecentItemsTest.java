package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

class RecentItemsTest {
    private static final byte[] ROW = {1};
    private static final Item ONE = Item.of("p", Value.n(1));
    private static final Item TWO = Item.of("p", Value.n(2));
    private static final Item LARGE = Item.of("p", Value.s("p".repeat(5000)));

    /// One set only: all rows meet.
    private final RecentItems recent = new RecentItems(2);

    @Test
    void whatIsReadIsKept() {
        assertNull(recent.find(ROW));
        recent.read(ROW, ONE, recent.beforeReading(ROW));
        assertEquals(ONE, found(ROW));
    }

    @Test
    void whatWasChangedSinceItWasReadIsNot() {
        int before = recent.beforeReading(ROW);
        recent.changing(ROW);
        recent.put(ROW, TWO);
        recent.read(ROW, ONE, before);
        assertEquals(TWO, found(ROW));
    }

    @Test
    void whatIsBeingChangedIsNeitherFoundNorKept() {
        recent.read(ROW, ONE, recent.beforeReading(ROW));
        int before = recent.beforeReading(ROW);
        recent.changing(ROW);
        assertNull(recent.find(ROW));
        recent.read(ROW, ONE, before);
        recent.read(ROW, TWO, recent.beforeReading(ROW));
        assertNull(recent.find(ROW));
        recent.forget(ROW);
        recent.read(ROW, ONE, before);
        assertNull(recent.find(ROW));
        recent.read(ROW, TWO, recent.beforeReading(ROW));
        assertEquals(TWO, found(ROW));
    }

    @Test
    void twoRowsOfASetAreKeptTheLastOnes() {
        for (byte row = 1; row <= 3; row++)
            recent.read(new byte[]{row}, ONE, recent.beforeReading(ROW));
        assertNull(recent.find(new byte[]{1}));
        assertEquals(ONE, found(new byte[]{2}));
        assertEquals(ONE, found(new byte[]{3}));
    }

    @Test
    void absenceIsKeptAndLargeItemsAreNot() {
        recent.changing(ROW);
        recent.put(ROW, null);
        assertNull(Objects.requireNonNull(recent.find(ROW)).item());
        recent.changing(ROW);
        recent.put(ROW, LARGE);
        assertNull(recent.find(ROW));
    }

    @Test
    void atMostAThirtySecondOfTheHeap() {
        assertEquals(2, RecentItems.slots(0));
        assertEquals(4096, RecentItems.slots(512L << 20));
        assertEquals(1 << 16, RecentItems.slots(1L << 40));
    }

    /// Threads change rows of a store, which is an array here, and others read them: nobody sees an item older than one that was read or
    /// acknowledged before.
    @Test
    void nobodySeesAnOlderItemThanBefore() throws Exception {
        int rows = 6;
        var store = new AtomicLongArray(rows);
        var seen = new AtomicLongArray(rows);
        var done = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var all = new ArrayList<Future<Long>>();
            for (int i = 0; i < 2; i++) {
                int half = i;
                all.add(threads.submit(() -> {
                    for (long version = 1; version <= 100_000; version++)
                        for (int row = half; row < rows; row += 2) {
                            var key = new byte[]{(byte) row};
                            recent.changing(key);
                            store.set(row, version);
                            if (version % 7 == 0)
                                recent.forget(key);
                            else
                                recent.put(key, Item.of("v", Value.n(version)));
                            seen.accumulateAndGet(row, version, Math::max);
                        }
                    return 0L;
                }));
            }
            Callable<Long> reader = () -> {
                long found = 0;
                while (!done.get())
                    for (int row = 0; row < rows; row++) {
                        long before = seen.get(row);
                        var key = new byte[]{(byte) row};
                        var entry = recent.find(key);
                        long version;
                        if (entry != null) {
                            found++;
                            version = version(entry);
                        } else {
                            int stamp = recent.beforeReading(key);
                            version = store.get(row);
                            recent.read(key, Item.of("v", Value.n(version)), stamp);
                        }
                        if (version < before)
                            throw new AssertionError("row " + row + ": " + version + " after " + before);
                        seen.accumulateAndGet(row, version, Math::max);
                    }
                return found;
            };
            var readers = new ArrayList<Future<Long>>();
            for (int i = 0; i < 2; i++)
                readers.add(threads.submit(reader));
            for (var writer : all)
                writer.get();
            done.set(true);
            for (var one : readers)
                assertTrue(one.get() > 0);
        }
    }

    private static long version(RecentItems.Entry entry) {
        return Objects.requireNonNull(entry.item()).get("v") instanceof Value.N(BigDecimal number) ? number.longValue() : -1;
    }

    private Item found(byte[] row) {
        var entry = recent.find(row);
        assertNotNull(entry);
        return Objects.requireNonNull(entry.item());
    }
}
