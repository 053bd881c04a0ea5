package io.cairn.replication.internal.extent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Extent;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.testkit.MemoryDisk;
import io.cairn.replication.testkit.Power;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same file whatever pieces came, whatever buffer they were collected in, and whatever the disk makes of whole blocks.
class OwnFileWriterTest {
    private static final List<Integer> LENGTHS = List.of(0, 1, 4031, 4032, 4033, 65_535, WriteBuffers.SMALL_BYTES - 64,
            WriteBuffers.LARGE_BYTES - 65, WriteBuffers.LARGE_BYTES - 64, WriteBuffers.LARGE_BYTES - 63,
            2 * WriteBuffers.LARGE_BYTES + 100_000);
    @TempDir
    Path directory = Path.of("");

    @Test
    void allDisksAndBuffersGiveTheSameFile() throws IOException {
        var real = Disk.of(directory);
        var random = new SplittableRandom(1);
        for (int length : LENGTHS) {
            var payload = new byte[length];
            random.nextBytes(payload);
            var buffers = new WriteBuffers();
            var onDisk = written(real, buffers, payload, random, length);
            assertArrayEquals(onDisk, written(new MemoryDisk(new Power()), buffers, payload, random, length));
            var held = new ArrayList<ByteBuffer>();
            while (held.size() < WriteBuffers.MAX_LARGE)
                held.add(buffers.take());
            assertArrayEquals(onDisk, written(real, buffers, payload, random, length));
            held.forEach(buffers::giveBack);
            assertEquals(ExtentFormat.totalBytes(length), onDisk.length);
        }
    }

    private static byte[] written(Disk disk, WriteBuffers buffers, byte[] payload, SplittableRandom random, int number)
            throws IOException {
        Extent extent;
        try (var writer = new OwnFileWriter(disk, buffers, number, 9, 5)) {
            for (int at = 0; at < payload.length;) {
                int count = Math.min(payload.length - at, random.nextInt(1, 300_000));
                writer.write(ByteBuffer.wrap(payload, at, count));
                at += count;
            }
            extent = writer.finish();
        }
        try (var handles = new FileHandles(disk, disk, 4); var content = ExtentReader.open(handles, extent)) {
            assertNotNull(content);
            assertEquals(ByteBuffer.wrap(payload), content.read(0, payload.length));
        }
        var name = FileNames.of(extent.home(), extent.file());
        try (var file = disk.open(name, false)) {
            var all = ByteBuffer.allocate((int) file.size());
            assertEquals(all.capacity(), file.read(all, 0));
            disk.delete(name);
            return all.array();
        }
    }

    @Test
    void largeBuffersAreBoundedAndUsedAgain() {
        var buffers = new WriteBuffers();
        var taken = new ArrayList<ByteBuffer>();
        for (int i = 0; i < WriteBuffers.MAX_LARGE; i++)
            taken.add(buffers.take());
        assertTrue(taken.stream().allMatch(buffer -> buffer.isDirect() && buffer.alignmentOffset(0, Disk.BLOCK_BYTES) == 0
                && buffer.capacity() == WriteBuffers.LARGE_BYTES));
        var small = buffers.take();
        assertFalse(small.isDirect());
        buffers.giveBack(small);
        taken.getFirst().putInt(1);
        buffers.giveBack(taken.getFirst());
        var again = buffers.take();
        assertSame(taken.getFirst(), again);
        assertEquals(WriteBuffers.LARGE_BYTES, again.remaining());
    }
}
