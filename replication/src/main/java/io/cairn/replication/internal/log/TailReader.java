package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.LogReader;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.Operations;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads applied entries from the log's files, from a given index on. Only what is applied is read, so it never meets a torn record.
final class TailReader implements LogReader {
    private final LogFiles files;
    private final Disk extents;
    private final LongSupplier appliedIndex;
    private final Consumer<TailReader> onClose;
    private final long fromIndex;
    private @Nullable LogScanner scanner;
    private final Deque<Entry> ready = new ArrayDeque<>();
    private volatile long number;
    private volatile long nextIndex;
    private long position = LogFileHeader.RECORDS_AT;
    private @Nullable DiskFile file;
    private @Nullable LogFileHeader header;

    TailReader(LogFiles files, Disk extents, LongSupplier appliedIndex, long fromIndex, Consumer<TailReader> onClose) {
        this.files = files;
        this.extents = extents;
        this.appliedIndex = appliedIndex;
        this.fromIndex = fromIndex;
        this.onClose = onClose;
        long start = 0;
        var readable = files.unbroken();
        for (var entry : readable.entrySet())
            if (entry.getValue() <= fromIndex || start == 0)
                start = entry.getKey();
        Long first = readable.get(start);
        if (first == null || first > fromIndex)
            throw new IllegalArgumentException("the log begins at index " + first + ", not at " + fromIndex);
        number = start;
        nextIndex = first;
    }

    /// The oldest file that it has yet to read.
    long file() {
        return number;
    }

    /// The oldest entry that it has yet to read.
    long index() {
        return Math.max(fromIndex, nextIndex);
    }

    @Override
    public @Nullable Entry next() {
        try {
            while (ready.isEmpty() && nextIndex <= appliedIndex.getAsLong())
                readRecord();
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + LogFiles.name(number) + ": " + e.getMessage(), e);
        }
        return ready.poll();
    }

    private void readRecord() throws IOException {
        var open = file;
        var head = header;
        if (open == null || head == null) {
            open = files.open(number);
            var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
            open.read(bytes, 0);
            head = LogFileHeader.decode(bytes.flip());
            if (head == null)
                throw new CorruptLogException(LogFiles.name(number), 0, "the header does not match its crc32c");
            file = open;
            header = head;
            position = LogFileHeader.RECORDS_AT;
        }
        var known = scanner;
        if (known != null && decodeNext(known))
            return;
        // What it has read ahead may have been written since.
        known = new LogScanner(open, head, LogFiles.name(number), position);
        scanner = known;
        if (decodeNext(known))
            return;
        Long nextFile = files.after(number);
        if (nextFile == null)
            throw new CorruptLogException(LogFiles.name(number), position, "entry " + nextIndex + " should stand here");
        open.close();
        file = null;
        header = null;
        scanner = null;
        number = nextFile;
    }

    private boolean decodeNext(LogScanner from) throws IOException {
        for (var record = from.next(); record != null; record = from.next()) {
            position = from.position();
            if (record.kind() != RecordFormat.ENTRY)
                continue;
            decode(record);
            return true;
        }
        return false;
    }

    private void decode(LogScanner.Found record) throws IOException {
        var entry = EntryFormat.decode(record.payload());
        long sequence = entry.sequence();
        long index = nextIndex;
        for (var part : entry.parts()) {
            if (index >= fromIndex) {
                var bulk = part.bulk();
                var operations = bulk == null ? part.operations() : largeBatch(bulk, part);
                ready.add(new Entry(index, entry.epoch(), sequence, part.stamp(), part.requestId(),
                        Operations.parse(operations)));
            }
            sequence++;
            index++;
        }
        nextIndex = index;
    }

    private ByteBuffer largeBatch(EntryFormat.Bulk bulk, EntryFormat.Part part) throws IOException {
        if (!extents.list().contains(FileNames.of(FileKey.of(bulk.extent()))))
            throw new IllegalArgumentException(
                    "the batch of index " + nextIndex + " was given back; the log can be read from a later index on");
        var bytes = BulkBatch.read(extents, bulk);
        BulkBatch.fill(bytes, part.slots(), part.stamp());
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() {
        onClose.accept(this);
        var open = file;
        file = null;
        if (open != null)
            try {
                open.close();
            } catch (IOException e) {
                throw new StoreFailedException("cannot close " + LogFiles.name(number), e);
            }
    }
}
