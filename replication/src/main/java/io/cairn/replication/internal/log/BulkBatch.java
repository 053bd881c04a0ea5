package io.cairn.replication.internal.log;

import io.cairn.replication.Batch;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import io.cairn.replication.internal.extent.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.zip.CRC32C;

/// A batch above 1 MiB: its operations lie in an extent that is durable before the batch is ordered, so with empty slots; whoever
/// applies it fills them.
final class BulkBatch {
    private BulkBatch() {}

    static byte[] read(Disk extents, Bulk bulk) throws IOException {
        var name = FileNames.of(Home.OWN_FILE, bulk.extent().file());
        var bytes = ByteBuffer.allocate(bulk.extent().length());
        try (var file = extents.open(name, false)) {
            if (file.read(bytes, bulk.extent().offset()) < bytes.capacity())
                throw new CorruptLogException(name, bytes.position(), "the file ends inside a batch");
        } catch (NoSuchFileException e) {
            throw new CorruptLogException(name, 0, "the file of a batch is missing");
        }
        var crc = new CRC32C();
        crc.update(bytes.array());
        if ((int) crc.getValue() != bulk.crc32c())
            throw new CorruptLogException(name, bulk.extent().offset(), "the batch does not match its crc32c");
        return bytes.array();
    }

    static void fill(byte[] operations, int[] slots, long stamp) {
        new Batch.Sealed(Batch.NO_REQUEST, operations, operations.length, 0, slots,
                List.of(), List.of(), List.of(), List.of(), List.of()).fill(stamp);
    }
}
