package io.cairn.block.internal.engine;

import io.cairn.block.BlockDevice;
import io.cairn.block.Difference;
import io.cairn.block.internal.map.BlockMaps;
import java.util.ArrayList;
import java.util.List;

/// Puts together where two devices differ, in steps that hold the lock of the maps for about a millisecond at most.
final class Differences {
    private static final int PAIRS_AT_A_TIME = 64;
    private final BlockMaps maps;
    private final long offset;
    private final long end;
    private final int maxRuns;
    private final List<Difference> runs = new ArrayList<>();
    private long runFrom;
    private boolean runChanged;

    Differences(BlockMaps maps, long offset, long length, int maxRuns) {
        this.maps = maps;
        this.offset = offset;
        this.end = offset + length;
        this.maxRuns = maxRuns;
        runFrom = offset;
    }

    List<Difference> between(MappedDevice one, MappedDevice other) {
        long block = offset / BlockDevice.BLOCK_BYTES;
        long last = (end + BlockDevice.BLOCK_BYTES - 1) / BlockDevice.BLOCK_BYTES;
        while (block < last && runs.size() < maxRuns) {
            maps.lock().lock();
            try {
                // a live volume has another version after a snapshot, and a deleted device none
                block = maps.compare(one.requireVersion(), other.requireVersion(), block, last, PAIRS_AT_A_TIME, this::run);
            } finally {
                maps.lock().unlock();
            }
        }
        if (runs.size() < maxRuns && runFrom < end)
            runs.add(new Difference(end - runFrom, runChanged));
        return runs;
    }

    private void run(long from, long upTo, boolean changed) {
        if (changed == runChanged || runs.size() == maxRuns)
            return;
        long at = Math.max(offset, from * BlockDevice.BLOCK_BYTES);
        if (at > runFrom)
            runs.add(new Difference(at - runFrom, runChanged));
        runFrom = at;
        runChanged = changed;
    }
}
