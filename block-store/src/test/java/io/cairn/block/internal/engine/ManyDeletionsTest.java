package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.LogOptions;
import io.cairn.replication.testkit.MemoryDisks;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots that are taken and deleted so fast that the store of rows is not flushed in between: what the flush then takes grows with them, not with their
/// square.
class ManyDeletionsTest {
    private static final int SNAPSHOTS = 12_000;
    @TempDir
    Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aFlushBehindThemIsShort() {
        var options = BlockStoreOptions.DEFAULT.withLog(LogOptions.DEFAULT.withDisks(new MemoryDisks()).withFlushBytes(1L << 40));
        try (var store = LogBlockStore.open(directory.resolve("store"), options, false)) {
            var volume = store.createVolume(VolumeDefinition.of(1L << 20));
            for (int i = 0; i < SNAPSHOTS; i++) {
                volume.write(0, ByteBuffer.allocate(BlockDevice.BLOCK_BYTES)).join();
                volume.snapshot(SnapshotDefinition.UNNAMED).delete();
                store.tend();
            }
            long begun = System.nanoTime();
            store.log().flush();
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertTrue(seconds < 2, "the flush took " + seconds + " s");
        }
    }
}
