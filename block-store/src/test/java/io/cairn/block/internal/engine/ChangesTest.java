package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Difference;
import io.cairn.block.Reason;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.internal.log.LocalLog;
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
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which blocks have changed between any two devices, against a model that knows which write each block is of.
class ChangesTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final int BLOCKS = 1300;
    private static final int STEPS = 250;

    @TempDir
    Path directory;

    /// What a device's blocks hold, 0 for zeros, and which write they are of; further blocks are zeros.
    private record Content(long[] tags, long[] writes) {
        Content resized(int blocks) {
            return new Content(Arrays.copyOf(tags, blocks), Arrays.copyOf(writes, blocks));
        }

        void put(int from, int to, long tag, long write) {
            Arrays.fill(tags, from, to, tag);
            Arrays.fill(writes, from, to, write);
        }

        long tag(int block) {
            return block < tags.length ? tags[block] : 0;
        }

        boolean differs(Content other, int block) {
            return (tag(block) != 0 || other.tag(block) != 0)
                    && (block < writes.length ? writes[block] : 0) != (block < other.writes.length ? other.writes[block] : 0);
        }
    }

    private final Map<String, Content> model = new TreeMap<>();

    private Content content(BlockDevice device) {
        return Objects.requireNonNull(model.get(device.id()));
    }

    private LogBlockStore open() {
        return LogBlockStore.open(directory.resolve("store"), new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
                new CleaningOptions(0.1, 0.05, 1, 1L << 40, 4 << 20, Duration.ofHours(1)), 4 << 20, 1000, 1 << 20, 4), false);
    }

    private static ByteBuffer bytes(int blocks, long tag) {
        var bytes = ByteBuffer.allocate(blocks * BLOCK);
        while (bytes.hasRemaining())
            bytes.putLong(tag);
        return bytes.flip();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void changedIsWhatWasWrittenSinceTheDevicesHadItInCommon(long seed) {
        var random = new SplittableRandom(seed);
        var store = open();
        int found = 0;
        int shared = 0;
        try {
            for (int step = 1; step <= STEPS; step++) {
                int dice = random.nextInt(100);
                if (store.volumes().isEmpty() || dice < 3)
                    model.put(store.createVolume(VolumeDefinition.of((long) BLOCKS * BLOCK)).id(),
                            new Content(new long[BLOCKS], new long[BLOCKS]));
                else if (dice < 60)
                    change(store, random, step);
                else if (dice < 75)
                    branch(store, random);
                else if (dice < 79)
                    delete(store, random);
                else if (dice < 84)
                    store.tend();
                else if (dice < 87)
                    ((LocalLog) store.log()).cleanNow();
                else if (dice < 89) {
                    store.close();
                    store = open();
                } else {
                    var changed = compare(store, random, "seed " + seed + " step " + step);
                    found += changed[0];
                    shared += changed[1];
                }
            }
        } finally {
            store.close();
        }
        assertTrue(found > 100 && shared > 100,
                "changed blocks: " + found + ", unchanged ones with something in them: " + shared);
    }

    private static <T> T pick(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private void change(LogBlockStore store, SplittableRandom random, long step) {
        var volume = pick(store.volumes(), random);
        var content = content(volume);
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 3);
        int from = random.nextInt(content.tags.length - count + 1);
        long at = (long) from * BLOCK;
        int how = random.nextInt(10);
        // at times the bytes that are there already
        long tag = how < 2 ? 0 : how == 2 && content.tag(from) != 0 ? content.tag(from) : step;
        if (how == 0)
            volume.trim(at, (long) count * BLOCK).join();
        else if (how == 1)
            volume.zero(at, (long) count * BLOCK).join();
        else
            volume.write(at, bytes(count, tag)).join();
        content.put(from, from + count, tag, step);
    }

    private void branch(LogBlockStore store, SplittableRandom random) {
        if (random.nextInt(3) > 0 || store.snapshots().isEmpty()) {
            var volume = pick(store.volumes(), random);
            model.put(volume.snapshot(SnapshotDefinition.UNNAMED).id(), content(volume).resized(content(volume).tags.length));
        } else {
            var snapshot = pick(store.snapshots(), random);
            int blocks = content(snapshot).tags.length + (random.nextBoolean() ? 0 : 600);
            model.put(store.createVolume(VolumeDefinition.of((long) blocks * BLOCK), snapshot).id(),
                    content(snapshot).resized(blocks));
        }
    }

    private void delete(LogBlockStore store, SplittableRandom random) {
        if (random.nextBoolean() && store.volumes().size() > 1) {
            var volume = pick(store.volumes(), random);
            volume.delete();
            model.remove(volume.id());
        } else if (!store.snapshots().isEmpty()) {
            var snapshot = pick(store.snapshots(), random);
            snapshot.delete();
            model.remove(snapshot.id());
        }
    }

    /// Any two devices, any range. Gives how many blocks have changed, and how many have not though something is in them.
    private int[] compare(LogBlockStore store, SplittableRandom random, String when) {
        var devices = new ArrayList<BlockDevice>(store.volumes());
        devices.addAll(store.snapshots());
        var one = pick(devices, random);
        var other = pick(devices, random);
        long size = Math.max(one.sizeBytes(), other.sizeBytes());
        long offset = random.nextBoolean() ? 0 : random.nextLong(size);
        long length = random.nextBoolean() ? size - offset : random.nextLong(size - offset + 1);
        int most = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : Integer.MAX_VALUE;
        var runs = store.changes(one, other, offset, length, most);
        var text = when + ": " + one.id() + " and " + other.id() + " from " + offset + ", " + length + " bytes: " + runs;
        assertTrue(runs.size() <= most, text);
        long told = runs.stream().mapToLong(Difference::bytes).sum();
        assertTrue(runs.size() == most ? told <= length : told == length, text);
        int changed = 0;
        int shared = 0;
        long at = offset;
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            assertTrue(run.bytes() > 0 && (i == 0 || runs.get(i - 1).changed() != run.changed()), text);
            for (int block = (int) (at / BLOCK); block <= (at + run.bytes() - 1) / BLOCK; block++) {
                assertEquals(content(one).differs(content(other), block), run.changed(), "block " + block + " " + text);
                if (run.changed())
                    changed++;
                else {
                    assertEquals(content(one).tag(block), content(other).tag(block), text);
                    shared += content(one).tag(block) == 0 ? 0 : 1;
                }
            }
            at += run.bytes();
        }
        return new int[]{changed, shared};
    }

    @Test
    void cleaningChangesNothing() throws Exception {
        try (var store = open(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var volume = store.createVolume(VolumeDefinition.of(64L << 20));
            // each of these that goes leaves holes between the blocks that stay
            var brief = new ArrayList<Volume>();
            for (int i = 0; i < 8; i++)
                brief.add(store.createVolume(VolumeDefinition.of(64L << 20)));
            for (int block = 0; block < 700; block++) {
                volume.write((long) block * BLOCK, bytes(1, block + 1)).join();
                for (var other : brief)
                    other.write((long) block * BLOCK, bytes(1, 7)).join();
            }
            var before = volume.snapshot(SnapshotDefinition.UNNAMED);
            for (int block = 0; block < 700; block += 3)
                volume.write((long) block * BLOCK, bytes(1, -block)).join();
            var after = volume.snapshot(SnapshotDefinition.UNNAMED);
            var expected = store.changes(before, after, 0, 64L << 20, 100_000);
            assertEquals(2 * 234, expected.size());
            var version = ((LogSnapshot) before).requireVersion();
            long first = store.maps().address(version, 1);
            var ended = new AtomicBoolean();
            var cleaner = threads.submit(() -> {
                try {
                    for (var each : brief) {
                        each.delete();
                        store.tend();
                        ((LocalLog) store.log()).cleanNow();
                    }
                } finally {
                    ended.set(true);
                }
            });
            int looks = 0;
            for (; !ended.get() || looks == 0; looks++)
                assertEquals(expected, store.changes(before, after, 0, 64L << 20, 100_000), "look " + looks);
            cleaner.get();
            assertNotEquals(first, store.maps().address(version, 1), "the block was moved");
        }
    }

    @Test
    void refusesDevicesThatAreNotThereAndBytesThatAreNotOnThem() {
        try (var store = open();
                var another = LogBlockStore.open(directory.resolve("another"), BlockStoreOptions.DEFAULT, false)) {
            var small = store.createVolume(VolumeDefinition.of(BLOCK));
            var large = store.createVolume(VolumeDefinition.of(10 * BLOCK));
            large.write(5 * BLOCK, bytes(1, 1)).join();
            assertEquals(List.of(new Difference(5 * BLOCK, false), new Difference(BLOCK, true), new Difference(4 * BLOCK, false)),
                    store.changes(small, large, 0, 10 * BLOCK, 10), "of two that have nothing to do with one another");
            assertEquals(List.of(new Difference(100, true), new Difference(1, false)),
                    store.changes(large, small, 6 * BLOCK - 100, 101, 10), "as far as blocks lie in the range");
            assertEquals(List.of(), store.changes(small, large, 0, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> store.changes(small, large, 1, 10 * BLOCK, 1));
            assertThrows(IllegalArgumentException.class, () -> store.changes(small, large, 0, 1, 0));
            var foreign = another.createVolume(VolumeDefinition.of(BLOCK));
            assertEquals(Reason.INVALID, assertThrows(BlockRefusedException.class, () -> store.changes(small, foreign, 0, 1, 1))
                    .reason());
            small.delete();
            assertEquals(Reason.NOT_FOUND, assertThrows(BlockRefusedException.class, () -> store.changes(small, large, 0, 1, 1))
                    .reason());
        }
    }
}
