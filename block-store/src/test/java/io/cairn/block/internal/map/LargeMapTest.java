package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The map alone, without any payload, of a volume of 64 GiB whose every block is written, in an order that has nothing to do with where they lie.
@Tag("long")
class LargeMapTest {
    private static final int BLOCKS = 1 << 24;
    /// Odd, so that its multiples are all blocks.
    private static final long STRIDE = 0x9E3779B1L;
    private static final int MAX_RESIDENT = 16_384;
    private static final int CHECKPOINT_NODES = 4096;
    private final HashMap<Long, byte[]> rows = new HashMap<>();

    private static long address(long step) {
        return (1L << 40) + step * BlockMaps.STEP;
    }

    private void checkpoint(BlockMaps maps) {
        var cut = maps.cut();
        cut.forEachRow(rows::put);
        cut.dead().forEach(rows::remove);
        if (maps.resident() > MAX_RESIDENT)
            maps.sweep(MAX_RESIDENT * 3 / 4, cut.number());
    }

    @Test
    void sixtyFourGibibytes() {
        var maps = new BlockMaps(rows::get);
        maps.lock().lock();
        var head = maps.create(1, BLOCKS);
        int most = 0;
        long begun = System.nanoTime();
        for (long i = 0; i < BLOCKS; i++) {
            maps.write(head, i * STRIDE & BLOCKS - 1, 1, address(i));
            if (maps.waiting() >= CHECKPOINT_NODES)
                checkpoint(maps);
            most = Math.max(most, maps.resident());
        }
        checkpoint(maps);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long bytes = rows.values().stream().mapToLong(row -> row.length).sum();
        System.out.printf(
                "64 GiB, %,d blocks in %.0f s (%,.0f/s): %,d nodes, %,d bytes of rows, %,d a GiB; at most %,d nodes in memory%n",
                BLOCKS, seconds, BLOCKS / seconds, rows.size(), bytes, bytes / 64, most);
        assertEquals(BLOCKS, head.storedBlocks());
        assertTrue(most <= MAX_RESIDENT + CHECKPOINT_NODES + 1, most + " nodes");
        assertTrue(bytes / 64 <= 512 * (512 * 8 + 64), bytes + " bytes");
        for (long i = 0; i < BLOCKS; i += 997)
            assertEquals(address(i), maps.address(head, i * STRIDE & BLOCKS - 1));
    }
}
