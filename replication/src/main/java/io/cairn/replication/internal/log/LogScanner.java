package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads the records of one log file in order. Not thread-safe. Memory: one buffer of 1 MiB, more for a larger record.
final class LogScanner {
    private final DiskFile file;
    private final LogFileHeader header;
    private final String fileName;
    private final long size;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long bufferAt;
    private long position;

    /// A record whose checksum was right. `payload` is valid until the next call.
    record Found(byte kind, long offset, long end, ByteBuffer payload) {}

    LogScanner(DiskFile file, LogFileHeader header, String fileName, long from) throws IOException {
        this.file = file;
        this.header = header;
        this.fileName = fileName;
        this.size = file.size();
        this.position = from;
    }

    /// Where the next record would begin.
    long position() {
        return position;
    }

    /// The next record; null where the records end, for whatever reason: [#checkTail] tells whether that is well.
    @Nullable
    Found next() throws IOException {
        var found = at(position);
        if (found != null && found.kind != RecordFormat.MARK)
            position = found.end;
        return found == null || found.kind == RecordFormat.MARK ? null : found;
    }

    /// The record at `offset` if there is a whole one of this file's present use.
    private @Nullable Found at(long offset) throws IOException {
        if (!load(offset, RecordFormat.HEADER_BYTES))
            return null;
        int start = (int) (offset - bufferAt);
        int length = buffer.getInt(start + 4);
        if (buffer.getLong(start + 16) != header.incarnation() || buffer.getInt(start + 24) != offset || length < 0
                || length > size - offset - RecordFormat.HEADER_BYTES)
            return null;
        if (!load(offset, RecordFormat.HEADER_BYTES + length))
            return null;
        start = (int) (offset - bufferAt);
        if (buffer.getInt(start) != RecordFormat.crc32c(buffer, start + 4, RecordFormat.HEADER_BYTES - 4 + length))
            return null;
        if (buffer.get(start + 9) != RecordFormat.VERSION)
            throw new CorruptLogException(fileName, offset,
                    "record of version " + buffer.get(start + 9) + "; this program knows version "
                            + RecordFormat.VERSION);
        var payload = buffer.slice(start + RecordFormat.HEADER_BYTES, length).order(ByteOrder.LITTLE_ENDIAN);
        return new Found(buffer.get(start + 8), offset, offset + RecordFormat.recordBytes(length), payload);
    }

    /// Goes on at the next whole record behind the end of the records and tells where that is; -1 when there is none, or none that vouches for
    /// what should stand between.
    long resync(boolean vouchedFor) throws IOException {
        long end = position;
        long first = -1;
        boolean vouched = vouchedFor;
        for (long offset = end + RecordFormat.ALIGNMENT; load(offset,
                RecordFormat.HEADER_BYTES); offset += RecordFormat.ALIGNMENT) {
            int start = (int) (offset - bufferAt);
            if (buffer.getLong(start + 16) != header.incarnation() || buffer.getInt(start + 24) != offset)
                continue;
            int synced = buffer.getInt(start + 12);
            if (at(offset) == null)
                continue;
            first = first < 0 ? offset : first;
            vouched |= synced > end;
            if (vouched) {
                position = first;
                return first;
            }
        }
        return -1;
    }

    /// Looks behind the end of the records for one that vouches for what should stand there. [CorruptLogException] when there is one: then
    /// bytes that were durable are damaged.
    void checkTail() throws IOException {
        long end = position;
        for (long offset = end; load(offset, RecordFormat.HEADER_BYTES); offset += RecordFormat.ALIGNMENT) {
            int start = (int) (offset - bufferAt);
            if (buffer.getLong(start + 16) != header.incarnation() || buffer.getInt(start + 24) != offset)
                continue;
            int synced = buffer.getInt(start + 12);
            if (synced > end && at(offset) != null)
                throw new CorruptLogException(fileName, end, "a record is damaged: the record at byte " + offset
                        + " says that the file was durable up to byte " + synced);
        }
    }

    /// Makes `buffer` hold the file's bytes `[offset, offset + length)`; `false` when the file ends before.
    private boolean load(long offset, int length) throws IOException {
        if (offset + length > size)
            return false;
        if (offset >= bufferAt && offset + length <= bufferAt + buffer.limit())
            return true;
        if (length > buffer.capacity())
            buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.clear();
        buffer.limit(file.read(buffer, offset));
        buffer.position(0);
        bufferAt = offset;
        return buffer.limit() >= length;
    }
}
