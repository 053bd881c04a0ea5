package io.cairn.replication.internal.extent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.testkit.Golden;
import io.cairn.replication.testkit.MemoryDisk;
import io.cairn.replication.testkit.Power;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class ExtentFormatTest {
    private static final long NUMBER = 0x300001;

    private final MemoryDisk disk = new MemoryDisk(new Power());

    private static byte[] payload(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte) (i * 31 + i / 256);
        return bytes;
    }

    private Extent write(int length) {
        try (var writer = new OwnFileWriter(disk, new WriteBuffers(), NUMBER, 9, 5)) {
            writer.write(ByteBuffer.wrap(payload(length)));
            return writer.finish();
        }
    }

    @Test
    void goldenExtent() throws Exception {
        write(300);
        var bytes = Golden.require("extent-v1", disk.bytes(FileNames.of(Home.OWN_FILE, NUMBER)));
        var other = new MemoryDisk(new Power());
        try (var file = other.open(FileNames.of(Home.OWN_FILE, NUMBER), true)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        try (var handles = new FileHandles(other, other, 4);
                var content = ExtentReader.open(handles, new Extent(Home.OWN_FILE, NUMBER, ExtentFormat.HEADER_BYTES, 300))) {
            assertNotNull(content);
            assertEquals(ByteBuffer.wrap(payload(300)), content.read(0, 300));
        }
    }

    @Test
    void everyRunOfBlocksIsReadAndEveryDamagedBlockRefused() throws Exception {
        int length = 5 * ExtentFormat.BLOCK_BYTES + 100; // smaller ones are read whole
        var extent = write(length);
        var expected = payload(length);
        try (var handles = new FileHandles(disk, disk, 4); var content = ExtentReader.open(handles, extent)) {
            assertNotNull(content);
            for (int from : new int[]{0, 1, ExtentFormat.BLOCK_BYTES - 1, ExtentFormat.BLOCK_BYTES, length - 1})
                for (int count : new int[]{0, 1, ExtentFormat.BLOCK_BYTES, length - from})
                    if (from + count <= length) {
                        assertEquals(ByteBuffer.wrap(expected, from, count), content.read(from, count));
                        var into = ByteBuffer.allocate(count + 2).position(1).limit(count + 1);
                        content.read(from, into);
                        assertEquals(ByteBuffer.wrap(expected, from, count), into.flip().position(1));
                    }
            assertThrows(IndexOutOfBoundsException.class, () -> content.read(length, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> content.read(0, ByteBuffer.allocate(length + 1)));
            assertNull(ExtentReader.open(handles, new Extent(Home.OWN_FILE, NUMBER + 1, 64, 10)));
        }
        disk.damage(FileNames.of(Home.OWN_FILE, NUMBER), ExtentFormat.HEADER_BYTES + ExtentFormat.BLOCK_BYTES + 5, 4);
        try (var handles = new FileHandles(disk, disk, 4); var content = ExtentReader.open(handles, extent)) {
            assertNotNull(content);
            assertEquals(expected[0], content.read(0, 1).get(0));
            assertThrows(CorruptLogException.class, () -> content.read(ExtentFormat.BLOCK_BYTES, 1));
            assertThrows(CorruptLogException.class, () -> content.read(0, ByteBuffer.allocate(length)));
        }
    }
}
