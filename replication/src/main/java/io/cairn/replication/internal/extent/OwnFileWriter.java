package io.cairn.replication.internal.extent;

import io.cairn.replication.Extent;
import io.cairn.replication.ExtentWriter;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes one extent into a file of its own. The header goes last, when the length is known; one fdatasync of the file and one sync
/// of the directory make it durable before any entry names it.
public final class OwnFileWriter implements ExtentWriter {
    private final Disk disk;
    private final String name;
    private final long number;
    private final int kind;
    private final long epoch;
    private @Nullable DiskFile file;
    private final CRC32C crc = new CRC32C();
    private int[] checksums = new int[16];
    private int blocks;
    private int length;

    public OwnFileWriter(Disk disk, long number, int kind, long epoch) {
        this.disk = disk;
        this.number = number;
        this.kind = kind;
        this.epoch = epoch;
        this.name = FileNames.of(Extent.Home.OWN_FILE, number);
        try {
            file = disk.open(name, true);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        var out = open();
        if (bytes.remaining() > Extent.MAX_BYTES - length)
            throw new IllegalArgumentException("an extent holds at most " + Extent.MAX_BYTES + " bytes");
        for (int at = bytes.position(); at < bytes.limit();) {
            int inBlock = length % ExtentFormat.BLOCK_BYTES + (at - bytes.position());
            int count = Math.min(bytes.limit() - at, ExtentFormat.BLOCK_BYTES - inBlock % ExtentFormat.BLOCK_BYTES);
            crc.update(bytes.slice(at, count));
            at += count;
            if ((inBlock + count) % ExtentFormat.BLOCK_BYTES == 0)
                endBlock();
        }
        int count = bytes.remaining();
        try {
            out.write(bytes, ExtentFormat.HEADER_BYTES + (long) length);
        } catch (IOException e) {
            throw failed(e);
        }
        length += count;
    }

    private void endBlock() {
        if (blocks == checksums.length)
            checksums = Arrays.copyOf(checksums, blocks * 2);
        checksums[blocks++] = (int) crc.getValue();
        crc.reset();
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public Extent finish() {
        var out = open();
        if (length % ExtentFormat.BLOCK_BYTES != 0)
            endBlock();
        var table = ByteBuffer.allocate(4 * blocks).order(ByteOrder.LITTLE_ENDIAN);
        table.asIntBuffer().put(checksums, 0, blocks);
        var header = ByteBuffer.allocate(ExtentFormat.HEADER_BYTES);
        ExtentFormat.encodeHeader(new ExtentFormat.Header(kind, number, 0, epoch, length, length), header);
        try {
            out.write(table, ExtentFormat.HEADER_BYTES + (long) length);
            out.write(header.flip(), 0);
            out.sync();
            out.close();
            disk.sync();
        } catch (IOException e) {
            throw failed(e);
        }
        file = null;
        return new Extent(Extent.Home.OWN_FILE, number, ExtentFormat.HEADER_BYTES, length);
    }

    @Override
    public void close() {
        var out = file;
        if (out == null)
            return;
        file = null;
        try {
            out.close();
            disk.delete(name);
        } catch (IOException e) {
            throw failed(e); // the file is unreferenced: the next open of the log removes it
        }
    }

    private DiskFile open() {
        if (file == null)
            throw new IllegalStateException("this extent is finished");
        return file;
    }

    private StoreFailedException failed(IOException e) {
        return new StoreFailedException("cannot write " + name + ": " + e.getMessage(), e);
    }
}
