package io.cairn.replication.internal.extent;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentContent;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Reads one extent. Small ones in one read of header, payload and checksums together; of larger ones the checksums are read once
/// an open file, then just the blocks asked for.
public final class ExtentReader implements ExtentContent {
    /// Read at once: so much still lies in the processor's cache when its checksums are taken.
    private static final int READ_BYTES = 4 * ExtentFormat.BLOCK_BYTES;
    private final FileHandles handles;
    private final FileHandles.Handle handle;
    private final Extent extent;
    private final String fileName;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ExtentReader(FileHandles handles, FileHandles.Handle handle, Extent extent) {
        this.handles = handles;
        this.handle = handle;
        this.extent = extent;
        this.fileName = FileNames.of(extent.home(), extent.file());
    }

    /// Null when the file is no longer there.
    public static @Nullable ExtentReader open(FileHandles handles, Extent extent) {
        try {
            var handle = handles.acquire(FileKey.of(extent));
            return handle == null ? null : new ExtentReader(handles, handle, extent);
        } catch (IOException e) {
            throw new StoreFailedException("cannot open " + FileNames.of(extent.home(), extent.file()) + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public Extent extent() {
        return extent;
    }

    @Override
    public ByteBuffer read(int from, int length) {
        checkRun(from, length);
        try {
            return small() ? whole().payload().slice(from, length) : readBlocks(from, length);
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + fileName + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void read(int from, ByteBuffer into) {
        checkRun(from, into.remaining());
        int end = from + into.remaining();
        boolean whole = from % ExtentFormat.BLOCK_BYTES == 0
                && (end % ExtentFormat.BLOCK_BYTES == 0 || end == extent.length());
        if (!whole || small()) {
            into.put(read(from, into.remaining()));
            return;
        }
        try {
            for (int at = from; at < end;) {
                int count = Math.min(end - at, READ_BYTES);
                var bytes = into.slice(into.position(), count);
                if (!cachedBlocks(at, bytes))
                    readBlocks(at, bytes);
                into.position(into.position() + count);
                at += count;
            }
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + fileName + ": " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable FileChannel verified(int from, int length) {
        checkRun(from, length);
        var channel = handle.file.channel();
        if (channel == null || small())
            return null;
        if (length == 0)
            return channel;
        int firstBlock = from / ExtentFormat.BLOCK_BYTES;
        int lastBlock = (from + length - 1) / ExtentFormat.BLOCK_BYTES;
        try {
            for (int block = firstBlock; block <= lastBlock; block++) {
                synchronized (handle.verified) {
                    block = handle.verified.nextClearBit(block);
                }
                if (block > lastBlock)
                    break;
                readBlocks(block * ExtentFormat.BLOCK_BYTES, 1);
                synchronized (handle.verified) {
                    handle.verified.set(block);
                }
            }
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + fileName + ": " + e.getMessage(), e);
        }
        return channel;
    }

    /// One that may share its file with others; and it is cheaper to read it whole than to read its checksums first.
    private boolean small() {
        return extent.home() == Extent.Home.LOG || extent.length() <= Extent.MAX_IN_LOG_BYTES;
    }

    /// A small extent, checked.
    public record Whole(int kind, ByteBuffer payload) {}

    public Whole whole() throws IOException {
        var bytes = ByteBuffer.allocate(ExtentFormat.totalBytes(extent.length()));
        handle.file.read(bytes, extent.offset() - ExtentFormat.HEADER_BYTES);
        bytes.flip();
        var header = ExtentFormat.checkHeader(bytes, 0, extent, fileName);
        if (bytes.limit() < bytes.capacity())
            throw new CorruptLogException(fileName, extent.offset(), "the file ends inside an extent");
        for (int block = 0; block < ExtentFormat.blocks(extent.length()); block++)
            ExtentFormat.checkBlock(bytes, ExtentFormat.HEADER_BYTES + block * ExtentFormat.BLOCK_BYTES, blockLength(block),
                    bytes.getInt(ExtentFormat.HEADER_BYTES + extent.length() + 4 * block), extent, block, fileName);
        return new Whole(header.kind(), bytes.slice(ExtentFormat.HEADER_BYTES, extent.length()));
    }

    private ByteBuffer readBlocks(int from, int length) throws IOException {
        int start = from / ExtentFormat.BLOCK_BYTES * ExtentFormat.BLOCK_BYTES;
        int end = Math.min(extent.length(),
                (from + length + ExtentFormat.BLOCK_BYTES - 1) / ExtentFormat.BLOCK_BYTES * ExtentFormat.BLOCK_BYTES);
        var bytes = ByteBuffer.allocate(Math.max(0, end - start));
        readBlocks(start, bytes);
        return bytes.slice(from - start, length);
    }

    /// Reads whole blocks, checked, and fills `bytes` with them; its position is not told.
    private void readBlocks(int start, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        if (handle.file.read(bytes, (long) extent.offset() + start) < length)
            throw new CorruptLogException(fileName, extent.offset() + (long) start, "the file ends inside an extent");
        checkBlocks(start, bytes);
    }

    /// The same without a read, if the page cache has the blocks, and they are right: if not, reading says what is wrong.
    private boolean cachedBlocks(int start, ByteBuffer bytes) throws IOException {
        long at = (long) extent.offset() + start;
        var pages = handle.pages(at + bytes.remaining());
        if (pages == null || !pages.copy(at, bytes))
            return false;
        try {
            checkBlocks(start, bytes);
            return true;
        } catch (CorruptLogException e) {
            return false;
        }
    }

    private void checkBlocks(int start, ByteBuffer bytes) throws IOException {
        var checksums = checksums();
        int length = bytes.limit();
        for (int at = 0, block = start / ExtentFormat.BLOCK_BYTES; at < length; at += ExtentFormat.BLOCK_BYTES, block++)
            ExtentFormat.checkBlock(bytes, at, blockLength(block), checksums[block], extent, block, fileName);
    }

    private int[] checksums() throws IOException {
        var known = handle.checksums;
        if (known != null)
            return known;
        var header = ByteBuffer.allocate(ExtentFormat.HEADER_BYTES);
        handle.file.read(header, extent.offset() - ExtentFormat.HEADER_BYTES);
        ExtentFormat.checkHeader(header.flip(), 0, extent, fileName);
        var checksums = new int[ExtentFormat.blocks(extent.length())];
        var table = ByteBuffer.allocate(4 * checksums.length).order(ByteOrder.LITTLE_ENDIAN);
        long at = (long) extent.offset() + extent.length();
        if (handle.file.read(table, at) < table.capacity())
            throw new CorruptLogException(fileName, at, "the file ends inside an extent's checksums");
        table.flip().asIntBuffer().get(checksums);
        handle.checksums = checksums;
        return checksums;
    }

    private int blockLength(int block) {
        return Math.min(ExtentFormat.BLOCK_BYTES, extent.length() - block * ExtentFormat.BLOCK_BYTES);
    }

    private void checkRun(int from, int length) {
        if (closed.get())
            throw new IllegalStateException("this extent was closed");
        Objects.checkFromIndexSize(from, length, extent.length());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true))
            handles.release(handle);
    }
}
