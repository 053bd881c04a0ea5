package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.internal.store.RocksStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a device has alone, against a model that knows which write each block is of, and against what its deletion gives back.
class UsageTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final int BLOCKS = 1300;
    private static final int STEPS = 300;

    @TempDir
    Path directory;
    /// By device, the write that each of its blocks is of; 0 for none.
    private final Map<String, long[]> model = new TreeMap<>();

    private LogBlockStore open() {
        return LogBlockStore.open(directory.resolve("store"), new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
                new CleaningOptions(0.1, 0.05, 1, 1L << 40, 4 << 20, Duration.ofHours(1)), 4 << 20, 1000, 1 << 20, 4), false);
    }

    private long[] writes(BlockDevice device) {
        return Objects.requireNonNull(model.get(device.id()));
    }

    private long unique(BlockDevice device) {
        var own = writes(device);
        long unique = 0;
        for (int block = 0; block < own.length; block++) {
            int at = block;
            if (own[at] != 0 && model.entrySet().stream().noneMatch(other -> !other.getKey().equals(device.id())
                    && at < other.getValue().length && other.getValue()[at] == own[at]))
                unique++;
        }
        return unique * BLOCK;
    }

    private static long stored(long[] writes) {
        return Arrays.stream(writes).filter(write -> write != 0).count() * BLOCK;
    }

    private static long alive(LogBlockStore store) {
        store.tend();
        return ((RocksStore) store.log().store()).liveBytes().snapshot().values().stream().mapToLong(bytes -> bytes).sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void isWhatDeletionGivesBack(long seed) {
        var random = new SplittableRandom(seed);
        var store = open();
        int told = 0;
        long given = 0;
        try {
            for (int step = 1; step <= STEPS; step++) {
                int dice = random.nextInt(100);
                if (store.volumes().isEmpty() || dice < 3)
                    model.put(store.createVolume(VolumeDefinition.of((long) BLOCKS * BLOCK)).id(), new long[BLOCKS]);
                else if (dice < 60)
                    change(store, random, step);
                else if (dice < 78)
                    branch(store, random);
                else if (dice < 88) {
                    given += delete(store, random, "seed " + seed + " step " + step);
                } else if (dice < 91)
                    ((LocalLog) store.log()).cleanNow();
                else if (dice < 93) {
                    store.close();
                    store = open();
                } else {
                    store.tend(); // what is being given up counts as somebody's until then
                    for (var device : devices(store)) {
                        var when = "seed " + seed + " step " + step + " " + device.id();
                        assertEquals(unique(device), device.uniqueBytes(), when);
                        assertEquals(stored(writes(device)), device.storedBytes(), when);
                        told += unique(device) > 0 && unique(device) < stored(writes(device)) ? 1 : 0;
                    }
                }
            }
        } finally {
            store.close();
        }
        assertTrue(told > 10 && given > 0, "devices with blocks of both kinds: " + told + "; given back: " + given);
    }

    private static List<BlockDevice> devices(LogBlockStore store) {
        var devices = new ArrayList<BlockDevice>(store.volumes());
        devices.addAll(store.snapshots());
        return devices;
    }

    private static <T> T pick(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private void change(LogBlockStore store, SplittableRandom random, long step) {
        var volume = pick(store.volumes(), random);
        var writes = writes(volume);
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 3);
        int from = random.nextInt(writes.length - count + 1);
        long at = (long) from * BLOCK;
        int how = random.nextInt(10);
        if (how == 0)
            volume.trim(at, (long) count * BLOCK).join();
        else if (how == 1)
            volume.zero(at, (long) count * BLOCK).join();
        else
            volume.write(at, ByteBuffer.wrap(new byte[count * BLOCK])).join();
        Arrays.fill(writes, from, from + count, how < 2 ? 0 : step);
    }

    private void branch(LogBlockStore store, SplittableRandom random) {
        if (random.nextBoolean() || store.snapshots().isEmpty()) {
            var volume = pick(store.volumes(), random);
            model.put(volume.snapshot(SnapshotDefinition.UNNAMED).id(), writes(volume).clone());
        } else {
            var snapshot = pick(store.snapshots(), random);
            int blocks = writes(snapshot).length + (random.nextBoolean() ? 0 : 600);
            model.put(store.createVolume(VolumeDefinition.of((long) blocks * BLOCK), snapshot).id(),
                    Arrays.copyOf(writes(snapshot), blocks));
        }
    }

    private long delete(LogBlockStore store, SplittableRandom random, String when) {
        long before = alive(store);
        var device = pick(devices(store), random);
        long unique = device.uniqueBytes();
        switch (device) {
            case Volume volume -> volume.delete();
            case Snapshot snapshot -> snapshot.delete();
            default -> throw new AssertionError(device);
        }
        model.remove(device.id());
        assertThrows(BlockRefusedException.class, device::uniqueBytes);
        assertEquals(unique / BLOCK * BlockFormat.BYTES, before - alive(store), when);
        return unique;
    }

    @Test
    void aDeviceOfManyLeavesIsCountedInSteps() {
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(1L << 40));
            var random = new SplittableRandom(3);
            for (int i = 0; i < 400; i++)
                volume.write(random.nextLong(1L << 28) * BLOCK, ByteBuffer.wrap(new byte[BLOCK])).join();
            assertEquals(volume.storedBytes(), volume.uniqueBytes());
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            assertEquals(0, volume.uniqueBytes());
            assertEquals(0, snapshot.uniqueBytes());
            volume.trim(0, 1L << 39).join();
            assertEquals(0, volume.uniqueBytes());
            assertEquals(snapshot.storedBytes() - volume.storedBytes(), snapshot.uniqueBytes());
        }
    }
}
