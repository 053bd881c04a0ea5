package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots and clones of a volume that four threads write to, while checkpoints, cleaning and deletions go on: each is the volume at one moment.
class SnapshotsUnderWritersTest {
    private static final int WRITERS = 4;
    private static final int SNAPSHOTS = 120;
    /// Blocks of one writer's two places: some in the same leaf, some in others.
    private static final int APART = 700;

    @TempDir
    Path directory;

    private static ByteBuffer block(long number) {
        var bytes = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
        while (bytes.hasRemaining())
            bytes.putLong(number);
        return bytes.flip();
    }

    private static long number(BlockDevice device, long block) {
        var bytes = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
        device.read(block * BlockDevice.BLOCK_BYTES, bytes).join();
        long number = bytes.getLong(0);
        for (int at = 0; at < BlockDevice.BLOCK_BYTES; at += 8)
            assertEquals(number, bytes.getLong(at), "torn");
        return number;
    }

    private LogBlockStore open() {
        return LogBlockStore.open(directory.resolve("store"), new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
                new CleaningOptions(0.2, 0.05, 1, 1L << 40, 4 << 20, Duration.ofMillis(20)), 4 << 20, 10, 64 << 10, 4), true);
    }

    @Test
    void aSnapshotIsTheVolumeAtOneMoment() throws Exception {
        var kept = new ArrayList<String>();
        String volumeId;
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(1L << 30));
            volumeId = volume.id();
            var ended = new AtomicBoolean();
            var writers = new ArrayList<Future<Long>>();
            try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
                for (int i = 0; i < WRITERS; i++)
                    writers.add(threads.submit(writer(volume, i, ended)));
                try {
                    snapshots(store, volume, kept);
                } finally {
                    ended.set(true);
                }
            }
            for (var writer : writers)
                assertTrue(writer.get() > SNAPSHOTS, "it wrote all the time");
        }
        try (var store = open()) {
            store.tend();
            BlockHistoryTest.checkFiles(store);
            for (var id : kept)
                check(store.snapshot(id));
            check(store.volume(volumeId));
        }
    }

    /// First here, then there, the same number: there is never ahead of here, nor behind it by more than one.
    private static Callable<Long> writer(Volume volume, int writer, AtomicBoolean ended) {
        return () -> {
            long number = 0;
            while (!ended.get()) {
                number++;
                volume.write((long) writer * BlockDevice.BLOCK_BYTES, block(number)).join();
                volume.write((writer + 1L) * APART * BlockDevice.BLOCK_BYTES, block(number)).join();
            }
            return number;
        };
    }

    private static void check(BlockDevice device) {
        for (int writer = 0; writer < WRITERS; writer++) {
            long here = number(device, writer);
            long there = number(device, (writer + 1L) * APART);
            assertTrue(here == there || here == there + 1, device.id() + ": " + here + " and " + there);
        }
    }

    private static void snapshots(LogBlockStore store, Volume volume, List<String> kept) {
        var random = new SplittableRandom(1);
        var standing = new ArrayList<Snapshot>();
        for (int i = 0; i < SNAPSHOTS; i++) {
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            check(snapshot);
            standing.add(snapshot);
            if (i % 5 == 0) {
                var clone = store.createVolume(VolumeDefinition.of(1L << 30), snapshot);
                check(clone);
                clone.write(0, block(7)).join();
                check(snapshot);
                clone.delete();
            }
            if (i % 3 == 2)
                standing.remove(random.nextInt(standing.size())).delete();
            check(standing.get(random.nextInt(standing.size())));
        }
        standing.forEach(snapshot -> kept.add(snapshot.id()));
    }
}
