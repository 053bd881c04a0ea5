package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Nodes leave memory, also those above leaves, of which there is one for each snapshot of a volume that was written; and come back as they were.
final class SweepTest {
    private static final long BLOCKS = 1 << 18; // 1 GiB
    private static final int MOST = 64;
    private final Map<Long, byte[]> rows = new HashMap<>();
    private final BlockMaps maps = new BlockMaps(rows::get);

    private static long address(long step) {
        return (1L << 40) + step * BlockMaps.STEP;
    }

    private void checkpointAndSweep() {
        var cut = maps.cut();
        cut.forEachRow(rows::put);
        cut.dead().forEach(rows::remove);
        if (maps.resident() > MOST)
            maps.sweep(MOST * 3 / 4, cut.number());
    }

    @Test
    void aThousandSnapshotsStayWithinTheBound() {
        maps.lock().lock();
        var head = maps.create(1, BLOCKS);
        var snapshots = new ArrayList<Version>();
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            maps.write(head, i * 997L % BLOCKS, 1, address(i));
            snapshots.add(head);
            head = maps.snapshot(head);
            if (i % 8 == 0)
                checkpointAndSweep();
            most = Math.max(most, maps.resident());
        }
        // Between two checkpoints 8 snapshots make 16 nodes; of those that were looked at since, one sweep lets go, the next lets them go.
        assertTrue(most <= 2 * MOST, most + " nodes were in memory");
        for (int i = 0; i < snapshots.size(); i++)
            for (int each : List.of(0, i / 2, i, i + 1))
                assertEquals(each <= i ? address(each) : BlockMaps.HOLE, maps.address(snapshots.get(i), each * 997L % BLOCKS));
    }

    @Test
    void manySmallVolumesStayWithinTheBound() {
        maps.lock().lock();
        var heads = new ArrayList<Version>();
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            var head = maps.create(i + 1, 16); // its root is a leaf
            maps.write(head, 3, 1, address(i));
            heads.add(head);
            if (i % 8 == 0)
                checkpointAndSweep();
            most = Math.max(most, maps.resident());
        }
        assertTrue(most <= 2 * MOST, most + " nodes were in memory");
        for (int i = 0; i < heads.size(); i++)
            assertEquals(address(i), maps.address(heads.get(i), 3));
    }

    @Test
    void whatHasChangedStaysAndSoDoesWhatIsAboveIt() {
        maps.lock().lock();
        var head = maps.create(1, BLOCKS);
        maps.write(head, 5, 1, address(0));
        maps.write(head, 5000, 1, address(1));
        checkpointAndSweep();
        maps.write(head, 5, 1, address(2));
        for (int i = 0; i < 3; i++)
            maps.sweep(0, Integer.MAX_VALUE);
        assertEquals(2, maps.resident(), "the root, and the leaf that no row has yet");
        assertEquals(address(2), maps.address(head, 5));
        assertEquals(address(1), maps.address(head, 5000));
    }
}
