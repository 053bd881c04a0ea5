package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a comparison of two versions costs, and what it says where their trees are not alike.
class ComparisonTest {
    private static final int ALL = Integer.MAX_VALUE;
    /// 1 TiB.
    private static final long BLOCKS = 1L << 28;
    private static final int LEVELS = 4;
    private final HashMap<Long, byte[]> rows = new HashMap<>();
    private final List<Long> loaded = new ArrayList<>();
    private final BlockMaps maps = new BlockMaps(id -> {
        loaded.add(id);
        return rows.get(id);
    });
    private long address = 1L << 40;

    @BeforeEach
    void lock() {
        maps.lock().lock();
    }

    private void write(Version head, long block) {
        address += BlockMaps.STEP;
        maps.write(head, block, 1, address);
    }

    private static NavigableSet<Long> changed(BlockMaps maps, Version one, Version other, long from, long end, int pairs) {
        var found = new TreeSet<Long>();
        for (long at = from; at < end;) {
            long begun = at;
            var told = new long[]{begun};
            at = maps.compare(one, other, begun, end, pairs, (first, last, changed) -> {
                assertEquals(told[0], first, "runs lie one behind the other");
                told[0] = last;
                for (long block = first; changed && block < last; block++)
                    found.add(block);
            });
            assertEquals(told[0], at);
            assertTrue(at > begun, "it goes on");
        }
        return found;
    }

    private NavigableSet<Long> changed(Version one, Version other) {
        return changed(maps, one, other, 0, BLOCKS, ALL);
    }

    /// As a store finds it that was just opened: no node is in memory.
    private BlockMaps reopened() {
        var cut = maps.cut();
        cut.forEachRow(rows::put);
        cut.dead().forEach(rows::remove);
        var again = new BlockMaps(id -> {
            loaded.add(id);
            return rows.get(id);
        });
        again.lock().lock();
        again.restore(cut.versions(), cut.nextNode(), cut.nextVersion());
        return again;
    }

    @Test
    void tenBlocksOfATebibyteAreFoundByTheirPathsAlone() {
        var random = new SplittableRandom(7);
        var head = maps.create(1, BLOCKS);
        for (int i = 0; i < 3000; i++)
            write(head, random.nextLong(BLOCKS));
        int first = head.id();
        var next = maps.snapshot(head);
        var written = new TreeSet<Long>();
        while (written.size() < 10) {
            long block = random.nextLong(BLOCKS);
            if (written.add(block))
                write(next, block);
        }
        int second = next.id();
        maps.snapshot(next);
        var opened = reopened();
        loaded.clear();
        assertEquals(written, changed(opened, opened.requireVersion(first), opened.requireVersion(second), 0, BLOCKS, ALL));
        assertTrue(loaded.size() <= 10 * LEVELS * 2, () -> "nodes that were read: " + loaded.size() + " of " + rows.size());
        assertTrue(rows.size() > 20 * loaded.size(), () -> "a small part: " + loaded.size() + " of " + rows.size());
        loaded.clear();
        var same = opened.requireVersion(second);
        assertEquals(new TreeSet<>(), changed(opened, same, same, 0, BLOCKS, ALL));
        assertEquals(List.of(), loaded, "a version is not compared with itself");
    }

    @Test
    void fewNodesAtATimeFindTheSame() {
        var random = new SplittableRandom(8);
        var head = maps.create(1, BLOCKS);
        for (int i = 0; i < 300; i++)
            write(head, random.nextLong(BLOCKS));
        var next = maps.snapshot(head);
        for (int i = 0; i < 100; i++)
            write(next, random.nextLong(BLOCKS));
        var all = changed(head, next);
        assertTrue(all.size() >= 99, () -> "found: " + all.size());
        assertEquals(all, changed(maps, head, next, 0, BLOCKS, LEVELS + 1));
        assertEquals(all, changed(maps, next, head, 0, BLOCKS, LEVELS + 1));
        long from = all.first() + 1;
        assertEquals(all.subSet(from, all.last()), changed(maps, head, next, from, all.last(), LEVELS + 1));
    }

    @Test
    void aTreeThatHasGrownIsComparedWithTheSmallOneInIt() {
        var head = maps.create(1, 100);
        write(head, 5);
        write(head, 6);
        var next = maps.snapshot(head);
        maps.grow(next, BLOCKS);
        assertEquals(new TreeSet<>(), changed(head, next), "larger, and nothing else");
        write(next, 6);
        write(next, 150);
        write(next, BLOCKS - 1);
        assertEquals(new TreeSet<>(List.of(6L, 150L, BLOCKS - 1)), changed(head, next));
        assertEquals(new TreeSet<>(List.of(6L, 150L, BLOCKS - 1)), changed(next, head));
        maps.clear(next, 0, BLOCKS, BlockMaps.HOLE);
        assertEquals(new TreeSet<>(List.of(5L, 6L)), changed(head, next));
    }

    @Test
    void zerosOfEitherKindAreTheSame() {
        var head = maps.create(1, 1000);
        var next = maps.snapshot(head);
        maps.clear(next, 10, 20, BlockMaps.ZEROS);
        assertEquals(new TreeSet<>(), changed(maps, head, next, 0, 1000, ALL));
        write(next, 12);
        assertEquals(new TreeSet<>(List.of(12L)), changed(maps, head, next, 0, 1000, ALL));
        var empty = maps.create(2, 1000);
        assertEquals(new TreeSet<>(List.of(12L)), changed(maps, empty, next, 0, 1000, ALL), "of nothing in common");
    }

    @Test
    void blocksThatWereMovedHaveNotChanged() {
        var head = maps.create(1, 1000);
        write(head, 1);
        write(head, 700);
        var next = maps.snapshot(head);
        write(next, 2); // copies the leaf: two leaves name block 1 now
        long old = maps.address(head, 1);
        maps.prepareMove(head, 0, Map.of(old, old + 50 * BlockMaps.STEP)).run();
        assertEquals(maps.address(head, 1), maps.address(next, 1));
        assertEquals(new TreeSet<>(List.of(2L)), changed(maps, head, next, 0, 1000, ALL));
    }
}
