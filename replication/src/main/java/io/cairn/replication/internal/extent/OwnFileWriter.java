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

/// Writes one extent into a file of its own. The first block goes last, since the header in it knows the length; one fdatasync of the file
/// and one sync of the directory make it durable before any entry names it.
///
/// Whole blocks go past the page cache ([Disk#openDirect]): copying them there, and having the kernel write them back in one burst when the file
/// is synced, cost more than the write itself. The few bytes behind the last whole block go the usual way.
public final class OwnFileWriter implements ExtentWriter {
    private final Disk disk;
    private final String name;
    private final long number;
    private final int kind;
    private final long epoch;
    private @Nullable DiskFile file;
    private final WriteBuffers buffers;
    /// What is not written yet; its first byte goes to `bufferAt`.
    private ByteBuffer buffer;
    private long bufferAt;
    /// The file's first block, once the buffer that began with it was written.
    private @Nullable ByteBuffer first;
    private final CRC32C crc = new CRC32C();
    private int[] checksums = new int[16];
    private int blocks;
    private int length;

    public OwnFileWriter(Disk disk, WriteBuffers buffers, long number, int kind, long epoch) {
        this.disk = disk;
        this.buffers = buffers;
        this.number = number;
        this.kind = kind;
        this.epoch = epoch;
        this.name = FileNames.of(Extent.Home.OWN_FILE, number);
        try {
            file = disk.openDirect(name, true);
        } catch (IOException e) {
            throw failed(e);
        }
        buffer = buffers.take();
        buffer.put(new byte[ExtentFormat.HEADER_BYTES]);
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
        length += bytes.remaining();
        try {
            put(out, bytes);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void put(DiskFile out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(buffer.position(), bytes, bytes.position(), count);
            buffer.position(buffer.position() + count);
            bytes.position(bytes.position() + count);
            if (!buffer.hasRemaining())
                drain(out);
        }
    }

    /// Writes a full buffer, or what is left at the end; keeps the file's first block.
    private void drain(DiskFile out) throws IOException {
        int end = buffer.position();
        int from = 0;
        if (bufferAt == 0) {
            from = Math.min(end, Disk.BLOCK_BYTES);
            first = ByteBuffer.allocate(from).put(0, buffer, 0, from);
        }
        int whole = end - end % Disk.BLOCK_BYTES;
        if (from < whole)
            out.write(buffer.slice(from, whole - from), bufferAt + from);
        from = Math.max(from, whole);
        if (from < end)
            out.write(buffer.slice(from, end - from), bufferAt + from);
        bufferAt += end;
        buffer.clear();
    }

    private void writeFirst(DiskFile out, ByteBuffer block) throws IOException {
        var header = new ExtentFormat.Header(kind, number, 0, epoch, length, length);
        buffer.clear().put(block);
        buffer.position(0);
        ExtentFormat.encodeHeader(header, buffer);
        out.write(buffer.position(0).limit(block.capacity()), 0);
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
        try {
            put(out, table);
            drain(out);
            if (first != null)
                writeFirst(out, first);
            out.sync();
            out.close();
            disk.sync();
        } catch (IOException e) {
            throw failed(e);
        }
        file = null;
        buffers.giveBack(buffer);
        return new Extent(Extent.Home.OWN_FILE, number, ExtentFormat.HEADER_BYTES, length);
    }

    @Override
    public void close() {
        var out = file;
        if (out == null)
            return;
        file = null;
        buffers.giveBack(buffer);
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
