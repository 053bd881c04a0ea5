package io.cairn.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One volume through all rooms.
class VolumeTest {
    @TempDir
    Path directory;

    private static byte[] bytes(long seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] read(BlockDevice device, long offset, int count) {
        var into = ByteBuffer.allocate(count);
        device.read(offset, into).join();
        return into.array();
    }

    @Test
    void keepsWhatWasFlushedAndSnapshots() {
        String volumeId;
        String snapshotId;
        String cloneId;
        var first = bytes(1, 3_000_000);
        var second = bytes(2, 100_000);
        try (var store = BlockStore.open(directory)) {
            var volume = store.createVolume(VolumeDefinition.of(1L << 30).named("disk"));
            volumeId = volume.id();
            volume.write(4096, ByteBuffer.wrap(first)).join();
            assertArrayEquals(first, read(volume, 4096, first.length));
            var snapshot = volume.snapshot(SnapshotDefinition.named("before"));
            snapshotId = snapshot.id();
            volume.write(5000, ByteBuffer.wrap(second)).join();
            volume.trim(2_000_000, 500_000).join();
            var clone = store.createVolume(VolumeDefinition.of(2L << 30), snapshot);
            cloneId = clone.id();
            clone.write(1_500_000_000, ByteBuffer.wrap(second)).join();
            clone.flush().join();
            check(store, volumeId, snapshotId, cloneId, first, second);
        }
        try (var store = BlockStore.open(directory)) {
            check(store, volumeId, snapshotId, cloneId, first, second);
            store.snapshot(snapshotId).delete();
            assertThrows(BlockRefusedException.class, () -> store.snapshot(snapshotId));
        }
        try (var store = BlockStore.open(directory)) {
            assertEquals(2, store.volumes().size());
            assertEquals("disk", store.volume(volumeId).name());
            assertArrayEquals(first, read(store.volume(cloneId), 4096, first.length));
            store.volume(volumeId).delete();
        }
        try (var store = BlockStore.open(directory)) {
            assertArrayEquals(first, read(store.volume(cloneId), 4096, first.length));
        }
    }

    private static void check(BlockStore store, String volumeId, String snapshotId, String cloneId, byte[] first, byte[] second) {
        assertArrayEquals(first, read(store.snapshot(snapshotId), 4096, first.length));
        var volume = store.volume(volumeId);
        assertArrayEquals(second, read(volume, 5000, second.length));
        assertArrayEquals(new byte[500_000], read(volume, 2_000_000, 500_000));
        var clone = store.volume(cloneId);
        assertArrayEquals(first, read(clone, 4096, first.length));
        assertArrayEquals(second, read(clone, 1_500_000_000, second.length));
    }
}
