package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Store.Range;
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
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories with crashes against arrays of blocks; and whatever happens, each file holds as many live bytes as there are blocks in it, and
/// each row of the map is of use.
class BlockHistoryTest {
    private static final int BLOCKS = 1300;
    private static final int STEPS = 250;

    @TempDir
    Path directory;

    /// What the devices hold: a number for each block; 0 for zeros.
    private static final class Model {
        final Map<String, long[]> devices = new TreeMap<>();

        long[] blocks(String device) {
            return Objects.requireNonNull(devices.get(device));
        }

        Model copy() {
            var copy = new Model();
            devices.forEach((id, blocks) -> copy.devices.put(id, blocks.clone()));
            return copy;
        }
    }

    /// A change that a crash may undo.
    private record Step(String device, int from, int to, long tag) {
        void apply(Model model) {
            Arrays.fill(model.blocks(device), from, to, tag);
        }
    }

    private static ByteBuffer content(int blocks, long tag) {
        var bytes = ByteBuffer.allocate(blocks * BlockDevice.BLOCK_BYTES);
        while (bytes.hasRemaining())
            bytes.putLong(tag);
        return bytes.flip();
    }

    private LogBlockStore open() {
        var options = new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
                new CleaningOptions(0.1, 0.05, 1, 1L << 40, 4 << 20, Duration.ofHours(1)), 4 << 20, 1000, 1 << 20, 4);
        return LogBlockStore.open(directory.resolve("store"), options, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersLikeArraysOfBlocks(long seed) {
        var random = new SplittableRandom(seed);
        var durable = new Model();
        var since = new ArrayList<Step>();
        var now = new Model();
        var store = open();
        long tag = 1;
        try {
            for (int step = 0; step < STEPS; step++) {
                int dice = random.nextInt(100);
                var volumes = store.volumes();
                var snapshots = store.snapshots();
                boolean durably = true;
                if (volumes.isEmpty() || dice < 2 && volumes.size() < 4) {
                    var made = store.createVolume(VolumeDefinition.of((long) BLOCKS * BlockDevice.BLOCK_BYTES));
                    now.devices.put(made.id(), new long[BLOCKS]);
                } else if (dice < 60) {
                    var volume = pick(volumes, random);
                    int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 3);
                    int from = random.nextInt(now.blocks(volume.id()).length - count + 1);
                    boolean clear = dice < 12;
                    var change = new Step(volume.id(), from, from + count, clear ? 0 : tag++);
                    long at = (long) from * BlockDevice.BLOCK_BYTES;
                    if (dice < 6)
                        volume.trim(at, (long) count * BlockDevice.BLOCK_BYTES).join();
                    else if (clear)
                        volume.zero(at, (long) count * BlockDevice.BLOCK_BYTES).join();
                    else
                        volume.write(at, content(count, change.tag)).join();
                    change.apply(now);
                    since.add(change);
                    durably = false;
                } else if (dice < 66) {
                    var volume = pick(volumes, random);
                    var made = volume.snapshot(SnapshotDefinition.UNNAMED);
                    now.devices.put(made.id(), now.blocks(volume.id()).clone());
                } else if (dice < 70 && !snapshots.isEmpty() && volumes.size() < 5) {
                    var snapshot = pick(snapshots, random);
                    long more = random.nextBoolean() ? 0 : 600;
                    var made = store.createVolume(VolumeDefinition.of(snapshot.sizeBytes() + more * BlockDevice.BLOCK_BYTES),
                            snapshot);
                    var blocks = now.blocks(snapshot.id());
                    now.devices.put(made.id(), Arrays.copyOf(blocks, (int) (blocks.length + more)));
                } else if (dice < 75 && !snapshots.isEmpty()) {
                    var snapshot = pick(snapshots, random);
                    snapshot.delete();
                    now.devices.remove(snapshot.id());
                } else if (dice < 77 && volumes.size() > 1) {
                    var volume = pick(volumes, random);
                    volume.delete();
                    now.devices.remove(volume.id());
                } else if (dice < 80) {
                    pick(volumes, random).flush().join();
                } else if (dice < 86) {
                    store.tend();
                    checkFiles(store);
                } else if (dice < 88) {
                    ((LocalLog) store.log()).cleanNow();
                } else if (dice < 90) {
                    store.close();
                    store = open();
                } else if (dice < 94) {
                    ((LocalLog) store.log()).crash();
                    store.close();
                    store = open();
                    now = afterCrash(store, durable, since, seed, step);
                } else {
                    check(store, now, "seed " + seed + " step " + step);
                    durably = false;
                }
                if (durably) {
                    durable = now.copy();
                    since.clear();
                }
            }
            check(store, now, "seed " + seed + " at the end");
            store.tend();
            checkFiles(store);
        } finally {
            store.close();
        }
    }

    private static <T> T pick(List<T> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }

    /// What a crash left is what had happened up to some step.
    private static Model afterCrash(LogBlockStore store, Model durable, List<Step> since, long seed, int at) {
        var found = read(store);
        var expected = durable.copy();
        for (int kept = 0;; kept++) {
            if (same(found, expected))
                return expected;
            assertTrue(kept < since.size(), "seed " + seed + " step " + at + ": no prefix of " + since.size() + " writes");
            since.get(kept).apply(expected);
        }
    }

    private static boolean same(Model one, Model other) {
        if (!one.devices.keySet().equals(other.devices.keySet()))
            return false;
        for (var id : one.devices.keySet())
            if (!Arrays.equals(one.blocks(id), other.blocks(id)))
                return false;
        return true;
    }

    private static void check(LogBlockStore store, Model model, String when) {
        var found = read(store);
        assertEquals(model.devices.keySet(), found.devices.keySet(), when);
        model.devices.forEach(
                (id, blocks) -> assertEquals(Arrays.toString(blocks), Arrays.toString(found.blocks(id)), when + " " + id));
    }

    private static Model read(LogBlockStore store) {
        var model = new Model();
        for (Volume volume : store.volumes())
            model.devices.put(volume.id(), tags(volume));
        for (Snapshot snapshot : store.snapshots())
            model.devices.put(snapshot.id(), tags(snapshot));
        return model;
    }

    private static long[] tags(BlockDevice device) {
        var bytes = ByteBuffer.allocate((int) device.sizeBytes());
        device.read(0, bytes).join();
        bytes.flip();
        var tags = new long[(int) (device.sizeBytes() / BlockDevice.BLOCK_BYTES)];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = bytes.getLong(i * BlockDevice.BLOCK_BYTES);
            for (int at = 0; at < BlockDevice.BLOCK_BYTES; at += 8)
                assertEquals(tags[i], bytes.getLong(i * BlockDevice.BLOCK_BYTES + at), "torn block " + i);
        }
        return tags;
    }

    /// After a checkpoint.
    static void checkFiles(LogBlockStore store) {
        var reachable = store.reachable();
        var expected = new TreeMap<String, Long>();
        for (long address : reachable.addresses())
            expected.merge(Extent.at(address, 0).home() + " " + Extent.fileAt(address), 4112L, Long::sum);
        var live = new TreeMap<String, Long>();
        ((RocksStore) store.log().store()).liveBytes().snapshot()
                .forEach((file, bytes) -> live.put(file.home() + " " + file.number(), bytes));
        assertEquals(expected, live);
        var rows = new TreeSet<Long>();
        try (var cursor = store.log().store().scan(BlockSpace.NODE, new Range(new byte[0], null))) {
            for (cursor.seekToFirst(); cursor.valid(); cursor.next())
                rows.add(ByteBuffer.wrap(cursor.key()).getLong());
        }
        assertEquals(reachable.nodes(), rows);
    }
}
