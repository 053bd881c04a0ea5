package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cleaning writes beside what clients write, when a volume is overwritten over and over, and how much of the files is alive meanwhile.
@Tag("long")
final class WriteAmplificationTest {
    private static final long BLOCKS = (1L << 30) / BlockDevice.BLOCK_BYTES;
    private static final int IN_FLIGHT = 32;
    /// 100 MB/s. Faster writers are let ahead of cleaning, which then moves less, and half of the files is dead meanwhile.
    private static final long NANOS_A_WRITE = 40_000;
    @TempDir
    Path directory;

    /// Nine of ten writes go to a tenth of the volume, as in most.
    @Test
    void mostWritesGoToASmallPart() {
        var random = new SplittableRandom(1);
        double amplification = overwrite("9 of 10 writes to a tenth of the blocks",
                () -> random.nextInt(10) == 0 ? random.nextLong(BLOCKS) : random.nextLong(BLOCKS / 10));
        assertTrue(amplification <= 1.5, amplification + " times");
    }

    /// The worst there is: nothing tells which blocks will live.
    @Test
    void everyBlockIsAsLikely() {
        var random = new SplittableRandom(2);
        double amplification = overwrite("any block", () -> random.nextLong(BLOCKS));
        assertTrue(amplification <= 2.5, amplification + " times");
    }

    private interface Choice { long block(); }

    private double overwrite(String what, Choice choice) {
        try (var store = BlockStore.open(directory.resolve("volumes"))) {
            var volume = store.createVolume(VolumeDefinition.of(BLOCKS * BlockDevice.BLOCK_BYTES));
            var generations = new int[(int) BLOCKS];
            for (long block = 0; block < BLOCKS; block += 256)
                volume.write(block * BlockDevice.BLOCK_BYTES, content(block, 256, 0)).join();
            write(volume, generations, choice, BLOCKS); // until it is as it stays
            var before = store.cleaning();
            double alive = 0;
            for (int i = 0; i < 8; i++) {
                write(volume, generations, choice, BLOCKS / 2);
                alive += (double) store.cleaning().liveBytes() / store.cleaning().fileBytes() / 8;
            }
            var after = store.cleaning();
            long logged = after.loggedBytes() - before.loggedBytes();
            long copied = after.copiedBytes() - before.copiedBytes();
            double amplification = (double) (logged + copied) / (4 * BLOCKS * BlockDevice.BLOCK_BYTES);
            System.out.printf("write amplification, %s: %.2f at %.0f %% alive (%d MiB written by clients, %d logged, %d moved)%n",
                    what, amplification, 100 * alive, 4 * BLOCKS >> 8, logged >> 20, copied >> 20);
            for (long block = 0; block < BLOCKS; block += 97) {
                var read = ByteBuffer.allocate(BlockDevice.BLOCK_BYTES);
                volume.read(block * BlockDevice.BLOCK_BYTES, read).join();
                assertArrayEquals(content(block, 1, generations[(int) block]).array(), read.array());
            }
            return amplification;
        }
    }

    private static void write(Volume volume, int[] generations, Choice choice, long count) {
        var inFlight = new ArrayDeque<CompletableFuture<Void>>();
        long begun = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long block = choice.block();
            generations[(int) block]++;
            inFlight.add(volume.write(block * BlockDevice.BLOCK_BYTES, content(block, 1, generations[(int) block])));
            if (inFlight.size() == IN_FLIGHT)
                inFlight.remove().join();
            if (i % 256 == 0)
                LockSupport.parkNanos(begun + i * NANOS_A_WRITE - System.nanoTime());
        }
        while (!inFlight.isEmpty())
            inFlight.remove().join();
        volume.flush().join();
    }

    private static ByteBuffer content(long first, int blocks, int generation) {
        var bytes = ByteBuffer.allocate(blocks * BlockDevice.BLOCK_BYTES);
        for (int i = 0; i < blocks; i++)
            bytes.putLong(i * BlockDevice.BLOCK_BYTES, first + i).putInt(i * BlockDevice.BLOCK_BYTES + 8, generation);
        return bytes;
    }
}
