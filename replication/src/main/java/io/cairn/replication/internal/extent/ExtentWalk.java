package io.cairn.replication.internal.extent;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// Reads the extents of a file of their own, one behind the other, alive or not. Behind a header that is damaged it goes on at the next
/// that is whole. Memory: 64 KiB, and 4 bytes for each 64 KiB of an extent.
public final class ExtentWalk {
    private static final int MAGIC_STEP = 1 << 16;

    private ExtentWalk() {}

    /// The file's size.
    public static long walk(Disk disk, String name, Consumer<Damage> found) throws IOException {
        long number = FileNames.number(Home.OWN_FILE, name).orElseThrow();
        try (var file = disk.open(name, false)) {
            long size = file.size();
            for (long at = 0; at < size;)
                at = one(file, name, number, at, size, found);
            return size;
        }
    }

    private static long one(DiskFile file, String name, long number, long at, long size, Consumer<Damage> found)
            throws IOException {
        int length = length(file, at);
        if (length < 0 || at + ExtentFormat.totalBytes(length) > size) {
            long next = nextHeader(file, at + 1, size);
            found.accept(
                    damage(name, at, "an extent's header is damaged" + (next < size ? "; the next begins at byte " + next : "")));
            return next;
        }
        var extent = new Extent(Home.OWN_FILE, number, Math.toIntExact(at + ExtentFormat.HEADER_BYTES), length);
        try {
            var header = ByteBuffer.allocate(ExtentFormat.HEADER_BYTES);
            file.read(header, at);
            ExtentFormat.checkHeader(header.flip(), 0, extent, name);
        } catch (CorruptLogException e) {
            found.accept(damage(name, at, String.valueOf(e.getMessage())));
        }
        blocks(file, name, extent, found);
        return at + ExtentFormat.totalBytes(length);
    }

    private static void blocks(DiskFile file, String name, Extent extent, Consumer<Damage> found) throws IOException {
        int count = ExtentFormat.blocks(extent.length());
        var checksums = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        file.read(checksums, (long) extent.offset() + extent.length());
        for (int block = 0; block < count; block++) {
            int from = block * ExtentFormat.BLOCK_BYTES;
            var bytes = ByteBuffer.allocate(Math.min(ExtentFormat.BLOCK_BYTES, extent.length() - from));
            file.read(bytes, (long) extent.offset() + from);
            if (ExtentFormat.crc32c(bytes, 0, bytes.capacity()) != checksums.getInt(4 * block))
                found.accept(damage(name, extent.offset() + (long) from, "a block of " + bytes.capacity()
                        + " bytes does not match its crc32c, in an extent of " + extent.length() + " bytes at byte "
                        + extent.offset()));
        }
    }

    /// Payload bytes that a whole header tells; -1 when it is not one.
    private static int length(DiskFile file, long at) throws IOException {
        var header = ByteBuffer.allocate(ExtentFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (file.read(header, at) < ExtentFormat.HEADER_BYTES || !whole(header, 0))
            return -1;
        long stored = header.getLong(32);
        return stored < 0 || stored > Extent.MAX_BYTES ? -1 : (int) stored;
    }

    private static boolean whole(ByteBuffer bytes, int at) {
        return bytes.getInt(at) == ExtentFormat.MAGIC && bytes.getInt(at + 60) == ExtentFormat.crc32c(bytes, at, 60);
    }

    private static long nextHeader(DiskFile file, long from, long size) throws IOException {
        var bytes = ByteBuffer.allocate(MAGIC_STEP + ExtentFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = from; at < size; at += MAGIC_STEP) {
            bytes.clear();
            int count = file.read(bytes, at);
            for (int i = 0; i + ExtentFormat.HEADER_BYTES <= count && i < MAGIC_STEP; i++)
                if (whole(bytes, i))
                    return at + i;
        }
        return size;
    }

    private static Damage damage(String name, long offset, String what) {
        return new Damage("extents/" + name, offset, what, null);
    }
}
