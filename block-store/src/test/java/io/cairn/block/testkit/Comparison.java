package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.block.testkit.ModelBlocks.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// Holds all that a store has against the model.
final class Comparison {
    private static final int READ_BLOCKS = 256;

    private Comparison() {}

    /// Is told of blocks that are not what was expected.
    interface Differences { void differs(long block, Block found); }

    /// Fails with what differs.
    static void same(ModelBlockStore model, BlockStore store) {
        sameDevices(model, store);
        for (var expected : model.devices())
            same(expected, device(store, expected));
    }

    static BlockDevice device(BlockStore store, ModelDevice like) {
        return like instanceof ModelVolume ? store.volume(like.id()) : store.snapshot(like.id());
    }

    static void same(ModelDevice expected, BlockDevice found) {
        differences(expected.blocks, found, (block, is) -> {
            throw new AssertionError(
                    found.id() + " block " + block + " is " + is + ", should be " + expected.blocks.get(block));
        });
        sameStored(expected, found);
    }

    static void sameStored(ModelDevice expected, BlockDevice found) {
        if (found.storedBytes() != expected.storedBytes())
            throw new AssertionError(
                    found.id() + " stores " + found.storedBytes() + " bytes, should store " + expected.storedBytes());
    }

    /// All but the blocks.
    static void sameDevices(ModelBlockStore model, BlockStore store) {
        // Snapshots of one instant have no order.
        same(new ArrayList<>(model.volumes().stream().map(Comparison::label).toList()),
                store.volumes().stream().map(Comparison::label).toList());
        same(new TreeSet<>(model.snapshots().stream().map(Comparison::label).toList()),
                new TreeSet<>(store.snapshots().stream().map(Comparison::label).toList()));
        var times = store.snapshots().stream().map(BlockDevice::created).toList();
        same(times.stream().sorted().toList(), times);
    }

    private static void same(Object expected, Object found) {
        if (!expected.equals(found))
            throw new AssertionError("there are " + found + ", should be " + expected);
    }

    private static String label(Volume volume) {
        return volume.id() + " " + volume.definition() + " " + volume.type() + " " + common(volume);
    }

    private static String label(Snapshot snapshot) {
        return snapshot.id() + " of " + snapshot.volumeId() + " " + common(snapshot);
    }

    private static String common(BlockDevice device) {
        return device.sizeBytes() + " " + device.created() + " '" + device.name() + "' " + new TreeMap<>(device.tags())
                + " " + new TreeMap<>(device.attributes());
    }

    static void differences(ModelBlocks expected, BlockDevice found, Differences differences) {
        differences(expected, found, 0, found.sizeBytes() / BLOCK_BYTES, differences);
    }

    /// Of blocks `[first, end)`.
    static void differences(ModelBlocks expected, BlockDevice found, long first, long end, Differences differences) {
        var runs = allocation(found, first, end);
        var run = runs.iterator();
        long runEnd = first;
        var state = Allocation.State.HOLE;
        for (long from = first; from < end; from += READ_BLOCKS) {
            int count = (int) Math.min(READ_BLOCKS, end - from);
            var bytes = ByteBuffer.allocate(count * BLOCK_BYTES);
            Outcome.await(found.read(from * BLOCK_BYTES, bytes));
            for (int i = 0; i < count; i++) {
                if (from + i == runEnd) {
                    var next = run.next();
                    state = next.state();
                    runEnd += next.bytes() / BLOCK_BYTES;
                }
                int at = i * BLOCK_BYTES;
                if (!expected.get(from + i).is(state, bytes.array(), at))
                    differences.differs(from + i,
                            new Block(state, Arrays.copyOfRange(bytes.array(), at, at + BLOCK_BYTES)));
            }
        }
    }

    private static List<Allocation> allocation(BlockDevice device, long first, long end) {
        var runs = device.allocation(first * BLOCK_BYTES, (end - first) * BLOCK_BYTES, Integer.MAX_VALUE);
        long told = runs.stream().mapToLong(Allocation::bytes).sum();
        if (told != (end - first) * BLOCK_BYTES || runs.stream().anyMatch(run -> run.bytes() % BLOCK_BYTES != 0))
            throw new AssertionError(device.id() + " has " + told + " bytes in runs, should have " + (end - first) + " blocks");
        return runs;
    }
}
