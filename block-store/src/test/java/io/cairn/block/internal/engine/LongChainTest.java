package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand snapshots of one volume, one behind the other, of which most are deleted again, from anywhere; and what deletion and TRIM give back.
class LongChainTest {
    private static final int SNAPSHOTS = 1000;
    /// Far enough that each second block lies in another leaf.
    private static final int APART = 300;
    @TempDir
    Path directory;

    private LogBlockStore open() {
        return LogBlockStore.open(directory.resolve("store"), BlockStoreOptions.DEFAULT, false);
    }

    private static long number(BlockDevice device, int block) {
        var bytes = ByteBuffer.allocate(8);
        device.read((long) block * APART * BlockDevice.BLOCK_BYTES, bytes).join();
        return bytes.getLong(0);
    }

    @Test
    void aThousandSnapshotsAndWhatIsLeftOfThem() {
        var standing = new ArrayList<String>();
        var numbers = new ArrayList<Integer>();
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(2L << 30));
            for (int i = 1; i <= SNAPSHOTS; i++) {
                var block = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
                while (block.hasRemaining())
                    block.putLong(i);
                volume.write((long) i % 500 * APART * BlockDevice.BLOCK_BYTES, block.flip()).join();
                standing.add(volume.snapshot(SnapshotDefinition.UNNAMED).id());
                numbers.add(i);
            }
            var random = new SplittableRandom(5);
            for (int i = 0; i < SNAPSHOTS - 50; i++) {
                int place = random.nextInt(standing.size());
                store.snapshot(standing.remove(place)).delete();
                numbers.remove(/* index */ place);
                if (i % 100 == 0)
                    check(store, standing, numbers, random);
            }
            store.tend();
            BlockHistoryTest.checkFiles(store);
        }
        try (var store = open()) {
            for (int i = 0; i < 50; i++)
                check(store.snapshot(standing.get(i)), numbers.get(i));
            assertEquals(50, store.snapshots().size());
            // All that is left goes: nothing is counted as alive then.
            for (Snapshot snapshot : store.snapshots())
                snapshot.delete();
            var volume = store.volumes().getFirst();
            assertEquals(500L * BlockDevice.BLOCK_BYTES, volume.storedBytes());
            volume.trim(0, volume.sizeBytes()).join();
            assertEquals(0, volume.storedBytes());
            store.tend();
            assertEquals(0, store.reachable().addresses().size());
            BlockHistoryTest.checkFiles(store);
        }
    }

    private static void check(LogBlockStore store, List<String> standing, List<Integer> numbers, SplittableRandom random) {
        for (int i = 0; i < 5; i++) {
            int place = random.nextInt(standing.size());
            check(store.snapshot(standing.get(place)), numbers.get(place));
        }
    }

    /// What had been written last to each block when snapshot `number` was taken.
    private static void check(BlockDevice device, int number) {
        for (int block = 0; block < 500; block++) {
            int last = number - Math.floorMod(number - block, 500);
            assertEquals(Math.max(0, last), number(device, block), "snapshot " + number + " block " + block);
        }
    }
}
