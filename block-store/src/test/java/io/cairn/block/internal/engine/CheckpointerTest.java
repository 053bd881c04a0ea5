package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that are too large for the log, and so have a file of their own; that cannot be written; and that cleaning makes.
final class CheckpointerTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    /// So many leaves that a checkpoint of them takes more than 1 MiB.
    private static final int LEAVES = 1200;
    @TempDir
    Path directory;

    /// What becomes of files that are begun.
    private interface Files { void begun() throws IOException; }

    private LogBlockStore open(Files files) {
        var options = BlockStoreOptions.DEFAULT.withLog(LogOptions.DEFAULT.withDisks(path -> path.endsWith("extents")
                ? new WatchedDisk(Disk.of(path), files)
                : Disk.of(path)));
        return LogBlockStore.open(directory.resolve("store"), options, false);
    }

    private static final class WatchedDisk extends ForwardingDisk {
        private final Files files;

        WatchedDisk(Disk disk, Files files) {
            super(disk);
            this.files = files;
        }

        @Override
        protected boolean before(Change change) throws IOException {
            if (change == Change.CREATE)
                files.begun();
            return true;
        }
    }

    /// Addresses that lie in no order, so that their rows are long.
    private static void writeLeaves(Volume volume) {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++)
            for (int leaf = 0; leaf < LEAVES; leaf++)
                volume.write((leaf * 512L + random.nextInt(512)) * BLOCK, ByteBuffer.allocate(BLOCK)).join();
    }

    @Test
    void writesGoOnWhileALargeOneIsWritten() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var threads = Executors.newSingleThreadExecutor(); var store = open(() -> {
            begun.countDown();
            try {
                goOn.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            var volume = store.createVolume(VolumeDefinition.of(LEAVES * 512L * BLOCK));
            writeLeaves(volume);
            var checkpoint = threads.submit(store::tend);
            assertTrue(begun.await(30, TimeUnit.SECONDS));
            volume.write(0, ByteBuffer.wrap(new byte[]{7})).get(5, TimeUnit.SECONDS);
            volume.flush().get(5, TimeUnit.SECONDS);
            assertFalse(checkpoint.isDone());
            goOn.countDown();
            checkpoint.get(30, TimeUnit.SECONDS);
        }
        try (var store = open(() -> {
        })) {
            var first = ByteBuffer.allocate(1);
            store.volumes().getFirst().read(0, first).join();
            assertArrayEquals(new byte[]{7}, first.array());
            BlockHistoryTest.checkFiles(store);
        }
    }

    @Test
    void oneThatFindsTheDiskFullIsTriedAgain() throws Exception {
        var failures = new AtomicInteger(2);
        try (var store = open(() -> {
            if (failures.getAndDecrement() > 0)
                throw new IOException("No space left on device");
        })) {
            writeLeaves(store.createVolume(VolumeDefinition.of(LEAVES * 512L * BLOCK)));
            store.tend();
            assertTrue(failures.get() < 0);
            assertFalse(store.failed().isDone());
        }
    }

    @Test
    void oneThatIsNotWrittenAtAllIsTold() throws Exception {
        var full = new AtomicInteger(1);
        var store = open(() -> {
            if (full.get() > 0)
                throw new IOException("No space left on device");
        });
        writeLeaves(store.createVolume(VolumeDefinition.of(LEAVES * 512L * BLOCK)));
        assertThrows(StoreFailedException.class, store::tend);
        assertInstanceOf(StoreFailedException.class, store.failed().get(1, TimeUnit.SECONDS));
        assertThrows(StoreFailedException.class, store::close);
        full.set(0);
        try (var again = open(() -> {
        })) {
            assertTrue(again.volumes().getFirst().storedBytes() > LEAVES * (long) BLOCK, "the log has all of it");
        }
    }

    /// Blocks that a thousand snapshots share, in leaves of which each snapshot has its own: what moves has to be written for all of them.
    @Test
    void whatCleaningMovesFitsIntoACheckpoint() {
        int snapshots = 2400;
        int places = 16;
        var options = new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(4 << 20),
                new CleaningOptions(0.02, 0.01, 1, 1L << 40, 32 << 20, Duration.ofHours(1)), 32 << 20, 4096, 8 << 20, 8192);
        var random = new SplittableRandom(2);
        try (var store = LogBlockStore.open(directory.resolve("store"), options, true)) {
            var volume = store.createVolume(VolumeDefinition.of(places * 512L * BLOCK));
            for (int i = 0; i < 2 * places * 512; i++)
                volume.write(random.nextInt(places * 512) * (long) BLOCK, ByteBuffer.allocate(BLOCK)).join();
            var taken = new ArrayList<Snapshot>();
            for (int i = 0; i < snapshots; i++) {
                for (int place = 0; place < places; place++)
                    volume.write((place * 512L + random.nextInt(512)) * BLOCK, ByteBuffer.allocate(BLOCK)).join();
                taken.add(volume.snapshot(SnapshotDefinition.UNNAMED));
            }
            for (int i = 0; i < snapshots / 8; i++)
                taken.get(i).delete();
            store.tend();
            while (((LocalLog) store.log()).cleanNow()) {
                // on with the next round
            }
            assertTrue(store.cleaning().copiedBytes() > 0);
            assertFalse(store.failed().isDone());
            store.tend();
            for (var snapshot : taken.subList(snapshots / 8, snapshots)) {
                var whole = ByteBuffer.allocate(512 * BLOCK);
                snapshot.read(0, whole).join();
                assertEquals(0, whole.remaining());
            }
            BlockHistoryTest.checkFiles(store);
        }
    }
}
