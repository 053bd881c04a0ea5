package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.replication.Store.Range;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What size costs: opening a large volume, and the map of many blocks. Prints its figures.
@Tag("long")
class LargeVolumesTest {
    private static final long TEBIBYTE = 1L << 40;
    private static final long GIBIBYTE = 1L << 30;
    private static final int OPENINGS = 9;
    private static final int WHOLE_MINUTES = 10;
    /// Rows of the map for each GiB that is written whole: 512 leaves of 512 addresses, delta-coded or not, and what names them.
    private static final long MAX_ROW_BYTES_A_GIBIBYTE = 512 * (512 * 8 + 64);

    @TempDir
    Path directory;

    /// Bytes in use of heap and direct memory, after a collection.
    /// Heap and direct memory. Files that are mapped are the page cache's, and no memory of this process's own.
    private static long used() {
        for (int i = 0; i < 3; i++)
            System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }

    private static ByteBuffer block(long number) {
        var block = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
        while (block.hasRemaining())
            block.putLong(number);
        return block.flip();
    }

    private static long number(Volume volume, long block) {
        var bytes = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
        volume.read(block * BlockDevice.BLOCK_BYTES, bytes).join();
        return bytes.getLong(0);
    }

    @Test
    void aSparseTebibyteOpensAtOnceAndTakesLittleMemory() {
        long blocks = TEBIBYTE / BlockDevice.BLOCK_BYTES;
        int written = 20_000;
        try (var store = BlockStore.open(directory.resolve("store"))) {
            var volume = store.createVolume(VolumeDefinition.of(TEBIBYTE));
            for (int i = 0; i < written; i++)
                volume.write(blocks / written * i * BlockDevice.BLOCK_BYTES, block(i)).join();
            var _ = volume.snapshot(SnapshotDefinition.UNNAMED);
        }
        var millis = new double[OPENINGS];
        var bytes = new long[OPENINGS];
        for (int i = 0; i < OPENINGS; i++) {
            long before = used();
            long begun = System.nanoTime();
            try (var store = BlockStore.open(directory.resolve("store"))) {
                millis[i] = (System.nanoTime() - begun) / 1e6;
                bytes[i] = used() - before;
                var volume = store.volumes().getFirst();
                int some = i * 1234;
                assertEquals(some, number(volume, blocks / written * some));
                assertEquals(0, number(volume, blocks / written * some + 1));
            }
        }
        System.out.printf("1 TiB with %,d blocks, each in a leaf of its own: opened in %s ms; %s bytes%n", written,
                Arrays.toString(Arrays.stream(millis).mapToObj("%.1f"::formatted).toArray()), Arrays.toString(bytes));
        Arrays.sort(millis);
        Arrays.sort(bytes);
        assertTrue(millis[OPENINGS / 2] < 100, "the median opening took " + millis[OPENINGS / 2] + " ms");
        assertTrue(bytes[OPENINGS - 1] < 64L << 20, bytes[OPENINGS - 1] + " bytes");
    }

    @Test
    void theMapOfRandomWritesIsBounded() {
        long bytes = Long.getLong("cairn.long.minutes", 15) >= WHOLE_MINUTES ? 16 * GIBIBYTE : GIBIBYTE;
        long count = bytes / BlockDevice.BLOCK_BYTES;
        var random = new SplittableRandom(11);
        try (var store = LogBlockStore.open(directory.resolve("store"), BlockStoreOptions.DEFAULT, true)) {
            var volume = store.createVolume(VolumeDefinition.of(bytes));
            long before = used();
            int mostNodes = 0;
            long begun = System.nanoTime();
            var last = new int[Math.toIntExact(count)];
            for (int i = 1; i <= count; i++) {
                int at = random.nextInt(last.length);
                last[at] = i;
                volume.write((long) at * BlockDevice.BLOCK_BYTES, block(i)).join();
                if (i % 4096 == 0)
                    mostNodes = Math.max(mostNodes, store.residentNodes());
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            store.tend();
            long rows = 0;
            long rowBytes = 0;
            try (var scan = store.log().store().scan(BlockSpace.NODE, new Range(new byte[0], null))) {
                for (scan.seekToFirst(); scan.valid(); scan.next()) {
                    rows++;
                    rowBytes += scan.value().length;
                }
            }
            long grown = used() - before - 4L * last.length;
            System.out.printf(
                    "%,d random writes over %d GiB in %.0f s (%,.0f/s): %,d nodes, %,d bytes of rows, %,d a GiB; at most %,d nodes in memory; %,d bytes more in use%n",
                    count, bytes >> 30, seconds, count / seconds, rows, rowBytes, rowBytes / (bytes >> 30), mostNodes, grown);
            assertTrue(rowBytes / (bytes >> 30) <= MAX_ROW_BYTES_A_GIBIBYTE, rowBytes + " bytes");
            // The limit, and what changes between two looks at it.
            int most = BlockStoreOptions.DEFAULT.mapNodes() + 3 * BlockStoreOptions.DEFAULT.checkpointNodes();
            assertTrue(mostNodes <= most, mostNodes + " nodes");
            for (int i = 0; i < 100_000; i++) {
                int at = random.nextInt(last.length);
                assertEquals(last[at], number(volume, at));
            }
        }
    }
}
