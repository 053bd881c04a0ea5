package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A node that cannot be read is told before a write has changed anything.
final class DamagedMapTest {
    private static final long FIRST = 1L << 40;
    private static final long SECOND = 1L << 41;
    private final Map<Long, byte[]> rows = new HashMap<>();
    private BlockMaps maps = new BlockMaps(rows::get);

    @Test
    void aWriteIsPreparedWholeOrNotAtAll() {
        maps.lock().lock();
        var head = maps.create(1, 1 << 12);
        maps.write(head, 500, 40, FIRST); // of two leaves
        maps.snapshot(head);
        var cut = maps.cut();
        cut.forEachRow(rows::put);
        var kept = Map.copyOf(rows);
        rows.remove(secondLeaf(head));
        var current = reopened(cut);
        assertThrows(IllegalStateException.class, () -> maps.prepare(current, 500, 40));
        assertEquals(FIRST, maps.address(current, 500), "as it was");
        rows.putAll(kept);
        maps.write(current, 500, 40, SECOND);
        for (int i = 0; i < 40; i++)
            assertEquals(SECOND + i * BlockMaps.STEP, maps.address(current, 500 + i));
        assertEquals(Map.of(), maps.cut().dropped(), "the snapshot has all that was overwritten");
    }

    /// As the checkpoint left it: nothing is in memory.
    private Version reopened(BlockMaps.Cut cut) {
        maps = new BlockMaps(rows::get);
        maps.lock().lock();
        maps.restore(cut.versions(), cut.nextNode(), cut.nextVersion());
        return maps.requireHead(1);
    }

    /// Row of the leaf of block 512.
    private long secondLeaf(Version head) {
        var root = maps.rootOf(head);
        if (root == null)
            throw new AssertionError("no root");
        return root.get(1);
    }
}
