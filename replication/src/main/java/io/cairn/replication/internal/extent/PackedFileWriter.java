package io.cairn.replication.internal.extent;

import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes many small extents into one file, one behind the other, each as [ExtentFormat] draws it. Never written again after
/// [#finish]. Not thread-safe. Memory: one buffer of 1 MiB.
public final class PackedFileWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private final Disk disk;
    private final String name;
    private final long number;
    private final long epoch;
    private final DiskFile file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long written;
    private boolean closed;

    public PackedFileWriter(Disk disk, long number, long epoch) {
        this.disk = disk;
        this.number = number;
        this.epoch = epoch;
        this.name = FileNames.of(Home.OWN_FILE, number);
        try {
            file = disk.open(name, true);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    public long number() {
        return number;
    }

    public long bytes() {
        return written + buffer.position();
    }

    /// Adds an extent of at most [Extent#MAX_IN_LOG_BYTES]; the address counts after [#finish].
    public Extent add(int kind, ByteBuffer payload) {
        return add(kind, payload.remaining(), (_, into) -> into.put(payload));
    }

    /// The same for bytes that are made when their place is known.
    public Extent add(int kind, int length, PlacedPayload payload) {
        if (buffer.remaining() < ExtentFormat.totalBytes(length))
            drain();
        int payloadAt = Math.toIntExact(bytes() + ExtentFormat.HEADER_BYTES);
        ExtentFormat.encodeHeader(new ExtentFormat.Header(kind, number, 0, epoch, length, length), buffer);
        var extent = new Extent(Home.OWN_FILE, number, payloadAt, length);
        ExtentFormat.encodePayload(extent, payload, buffer);
        return extent;
    }

    private void drain() {
        try {
            int count = buffer.flip().remaining();
            file.write(buffer, written);
            written += count;
            buffer.clear();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Makes the file durable: one sync of it, one of its directory.
    public void finish() {
        drain();
        try {
            file.sync();
            disk.sync();
        } catch (IOException e) {
            throw failed(e);
        }
        close();
    }

    @Override
    public void close() {
        if (closed)
            return;
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private StoreFailedException failed(IOException e) {
        return new StoreFailedException("cannot write " + name + ": " + e.getMessage(), e);
    }
}
