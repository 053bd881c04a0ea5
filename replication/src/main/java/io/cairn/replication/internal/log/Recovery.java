package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.EntryFormat.Part;
import io.cairn.replication.internal.batch.NamedExtents;
import io.cairn.replication.internal.batch.Operations;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.RocksStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Brings the store up to the end of the log: reads on from where its last flush stood, file by file, and applies.
///
/// What it refuses, naming file and offset: a bad record for which a later one or a later file vouches, a missing file, an entry of a
/// stale epoch or out of sequence, an entry of another group, an entry whose extent is missing. It never shortens a log.
final class Recovery {
    private static final int APPLY_BYTES = 1 << 20;
    private final LogFiles files;
    private final Disk extents;
    private final Group group;
    private final RocksStore store;
    private final NoteSink notes;
    private final Set<Long> ownFiles = new TreeSet<>();
    private long epoch;
    private long sequence;
    private long index;
    private long stamp;
    private long replayedParts;
    private long lastEpoch;
    private long waiting;

    /// Where notes go that are read again.
    interface NoteSink { void noted(long index, long stamp, byte[] note); }

    /// Where the log ends.
    ///
    /// @param lastFile 0 when there is none
    /// @param lastEpoch of the last entry, or in which the last file was begun: later than any that was ever given out
    record End(long lastFile, long lastEnd, AppliedState state, long replayedParts, long lastEpoch) {}

    Recovery(LogFiles files, Disk extents, Group group, RocksStore store, NoteSink notes) throws IOException {
        this.files = files;
        this.extents = extents;
        this.group = group;
        this.store = store;
        this.notes = notes;
        for (var name : extents.list())
            FileNames.number(Home.OWN_FILE, name).ifPresent(ownFiles::add);
    }

    End run() throws IOException {
        var applied = store.applied();
        epoch = applied.epoch();
        sequence = applied.sequence();
        index = applied.index();
        stamp = applied.stamp();
        lastEpoch = epoch;
        var numbers = files.numbers();
        loadFirstIndexes(numbers, applied.file());
        numbers.removeIf(number -> number < applied.file());
        if (numbers.isEmpty()) {
            if (applied.file() != 0)
                throw new CorruptLogException(LogFiles.name(applied.file()), applied.offset(), "the log file is missing");
            return new End(0, 0, applied, 0, epoch);
        }
        if (applied.file() != 0 && numbers.getFirst() != applied.file())
            throw new CorruptLogException(LogFiles.name(applied.file()), applied.offset(), "the log file is missing");
        long previous = 0;
        long end = 0;
        for (int i = 0; i < numbers.size(); i++) {
            long number = numbers.get(i);
            boolean last = i == numbers.size() - 1;
            try (var file = files.open(number)) {
                var header = readHeader(file, number, last);
                if (header == null) {
                    dropUnborn(number);
                    break;
                }
                checkLink(header, i == 0, applied, previous, end);
                files.loaded(header);
                lastEpoch = Math.max(lastEpoch, header.epoch());
                long from = i == 0 && applied.file() != 0 ? applied.offset() : LogFileHeader.RECORDS_AT;
                end = replay(file, header, from);
                // The process that wrote this may have died before its sync. What is built on it from here on, a later file's word for
                // its end or a row that names an extent in it, must not be more durable than it is.
                file.sync();
                previous = number;
            }
        }
        return new End(previous, end, new AppliedState(index, epoch, sequence, stamp, previous, end), replayedParts,
                Math.max(lastEpoch, epoch));
    }

    /// Files before the applied position are homes of extents; tails read them too.
    private void loadFirstIndexes(List<Long> numbers, long appliedFile) throws IOException {
        for (long number : numbers) {
            if (number >= appliedFile)
                break;
            try (var file = files.open(number)) {
                var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
                file.read(bytes, 0);
                var header = LogFileHeader.decode(bytes.flip());
                if (header == null)
                    throw new CorruptLogException(LogFiles.name(number), 0, "the header does not match its crc32c");
                if (header.number() == number)
                    files.loaded(header);
                else // given back and begun as another file, when the power went before its new name was durable
                    files.recycle(number, false);
            }
        }
    }

    /// Null for a last file that was begun but whose header never became durable: nothing in it was ever acknowledged.
    private @org.jspecify.annotations.Nullable LogFileHeader readHeader(DiskFile file, long number, boolean last)
            throws IOException {
        var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
        file.read(bytes, 0);
        var header = LogFileHeader.decode(bytes.flip());
        if (header != null && header.number() == number) {
            if (header.engine() != group.engine().id() || header.group() != group.number())
                throw new CorruptLogException(LogFiles.name(number), 0,
                        "the file belongs to engine %d group %d, not to engine %d group %d"
                                .formatted(header.engine(), header.group(), group.engine().id(), group.number()));
            return header;
        }
        if (!last || hasRecords(file, number))
            throw new CorruptLogException(LogFiles.name(number), 0, "the header does not match its crc32c");
        return null;
    }

    /// Whether any record says that it belongs to this file in its present use: headers are durable before records are written.
    static boolean hasRecords(DiskFile file, long number) throws IOException {
        var first = ByteBuffer.allocate(RecordFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (file.read(first, LogFileHeader.RECORDS_AT) < RecordFormat.HEADER_BYTES)
            return false;
        return first.getInt(24) == LogFileHeader.RECORDS_AT && first.getInt(28) == (int) (number >>> 20);
    }

    private void dropUnborn(long number) throws IOException {
        files.recycle(number, false);
    }

    private static void checkLink(LogFileHeader header, boolean first, AppliedState applied, long previous, long end) {
        if (first) {
            if (applied.file() == 0 && header.previous() != 0)
                throw new CorruptLogException(LogFiles.name(header.previous()), header.previousEnd(), "the log file is missing");
            return;
        }
        if (header.previous() != previous)
            throw new CorruptLogException(LogFiles.name(header.previous()), header.previousEnd(), "the log file is missing");
        if (header.previousEnd() != end)
            throw new CorruptLogException(LogFiles.name(previous), end,
                    "a record is damaged: %s says that the file was durable up to byte %d"
                            .formatted(LogFiles.name(header.number()), header.previousEnd()));
    }

    private long replay(DiskFile file, LogFileHeader header, long from) throws IOException {
        var name = LogFiles.name(header.number());
        var scanner = new LogScanner(file, header, name, from);
        for (var record = scanner.next(); record != null; record = scanner.next()) {
            switch (record.kind()) {
                case RecordFormat.ENTRY -> apply(record, name);
                case RecordFormat.EXTENT -> {
                    // Covered by the record's checksum; the entry that names it follows.
                }
                default -> throw new CorruptLogException(name, record.offset(), "record of unknown kind " + record.kind());
            }
            if (waiting > APPLY_BYTES)
                commit(header.number(), scanner.position());
        }
        scanner.checkTail();
        if (waiting > 0)
            commit(header.number(), scanner.position());
        return scanner.position();
    }

    private void commit(long file, long offset) {
        store.commit(new AppliedState(index, epoch, sequence, stamp, file, offset));
        waiting = 0;
    }

    private void apply(LogScanner.Found record, String name) throws IOException {
        EntryFormat.Entry entry;
        try {
            entry = EntryFormat.decode(record.payload());
        } catch (IllegalArgumentException e) {
            throw new CorruptLogException(name, record.offset(), String.valueOf(e.getMessage()));
        }
        if (entry.engine() != group.engine().id() || entry.group() != group.number())
            throw new CorruptLogException(name, record.offset(), "entry of engine " + entry.engine() + " group " + entry.group());
        long next = entry.sequence();
        for (var part : entry.parts()) {
            SequenceRule.check(epoch, sequence, entry.epoch(), next).ifPresent(fault -> {
                throw new CorruptLogException(name, record.offset(), fault);
            });
            epoch = entry.epoch();
            sequence = next++;
            index++;
            stamp = part.stamp();
            applyPart(part, record, name);
            replayedParts++;
        }
    }

    private void applyPart(Part part, LogScanner.Found record, String name) throws IOException {
        var bytes = operations(part);
        var named = new NamedExtents();
        for (var operation : Operations.parse(ByteBuffer.wrap(bytes))) {
            named.take(operation);
            switch (operation) {
                case Operation.AddExtent(var extent, _) -> {
                    if (extent.home() == Home.OWN_FILE && !ownFiles.contains(extent.file()))
                        throw new CorruptLogException(FileNames.of(extent.home(), extent.file()), 0,
                                "the extent file is missing that " + name + " names at byte " + record.offset());
                }
                case Operation.Note(var note) -> notes.noted(index, part.stamp(), note);
                case Operation.Put _,Operation.Delete _,Operation.DeleteRange _,Operation.DropExtent _,Operation.DropPieces _ -> {
                    // applied as bytes, or counted
                }
            }
        }
        store.add(bytes, 0, bytes.length, part.count(), named);
        waiting += EntryFormat.PART_HEADER_BYTES + bytes.length;
    }

    private byte[] operations(Part part) throws IOException {
        var bulk = part.bulk();
        if (bulk == null) {
            var bytes = new byte[part.operations().remaining()];
            part.operations().get(bytes);
            return bytes;
        }
        var bytes = BulkBatch.read(extents, bulk);
        BulkBatch.fill(bytes, part.slots(), part.stamp());
        return bytes;
    }
}
