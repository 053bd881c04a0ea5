package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.LogReader;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.Operations;
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
    private final Deque<Entry> ready = new ArrayDeque<>();
    private volatile long number;
    private long nextIndex;
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
        for (var entry : files.byNumber().entrySet())
            if (entry.getValue() <= fromIndex || start == 0)
                start = entry.getKey();
        Long first = files.byNumber().get(start);
        if (first == null || first > fromIndex)
            throw new IllegalArgumentException("the log begins at index " + first + ", not at " + fromIndex);
        number = start;
        nextIndex = first;
    }

    /// The oldest file that it has yet to read.
    long file() {
        return number;
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
        var scanner = new LogScanner(open, head, LogFiles.name(number), position);
        for (var record = scanner.next(); record != null; record = scanner.next()) {
            position = scanner.position();
            if (record.kind() != RecordFormat.ENTRY)
                continue;
            decode(record);
            return;
        }
        Long nextFile = files.byNumber().higherKey(number);
        if (nextFile == null)
            throw new CorruptLogException(LogFiles.name(number), position, "entry " + nextIndex + " should stand here");
        open.close();
        file = null;
        header = null;
        number = nextFile;
    }

    private void decode(LogScanner.Found record) throws IOException {
        var entry = EntryFormat.decode(record.payload());
        long sequence = entry.sequence();
        for (var part : entry.parts()) {
            ByteBuffer operations = part.operations();
            var bulk = part.bulk();
            if (bulk != null) {
                var bytes = BulkBatch.read(extents, bulk);
                BulkBatch.fill(bytes, part.slots(), part.stamp());
                operations = ByteBuffer.wrap(bytes);
            }
            if (nextIndex >= fromIndex)
                ready.add(new Entry(nextIndex, entry.epoch(), sequence, part.stamp(), part.requestId(),
                        Operations.parse(operations)));
            sequence++;
            nextIndex++;
        }
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
