package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.Operations;
import io.cairn.replication.internal.extent.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.TreeSet;

/// A run of a log file's bytes that is to be archived: whole records, each held against its checksum.
///
/// @param from first byte; 0 takes the file's head along
/// @param to behind the last
/// @param firstStamp of the entries in it, 0 when there is none
/// @param ownFiles numbers of the extent files that its entries name
record SegmentCut(byte[] bytes, int from, int to, long firstIndex, long lastIndex, long firstStamp, long lastStamp,
        Set<Long> ownFiles) {
    /// How far a log is archived: everything before `offset` of log file `file`, of which `index` and `stamp` are the last entry's.
    record Position(long file, int offset, long index, long stamp) {}

    /// Cuts on from `at`, about `bytes` long, and at most up to `end`, where a record ends and up to which the file is durable.
    static SegmentCut after(Position at, DiskFile file, LogFileHeader header, Disk extents, long end, int bytes)
            throws IOException, GapException {
        var name = LogFiles.name(at.file);
        var scanner = new LogScanner(file, header, name, Math.max(at.offset, LogFileHeader.RECORDS_AT));
        var ownFiles = new TreeSet<Long>();
        long index = at.index;
        long firstStamp = 0;
        long stamp = at.stamp;
        while (scanner.position() < end && scanner.position() - at.offset < bytes) {
            var record = scanner.next();
            if (record == null)
                throw new CorruptLogException(name, scanner.position(), "a record is damaged: the log goes on up to byte " + end);
            if (record.kind() != RecordFormat.ENTRY)
                continue;
            for (var part : EntryFormat.decode(record.payload()).parts()) {
                index++;
                stamp = part.stamp();
                firstStamp = firstStamp == 0 ? stamp : firstStamp;
                collect(part, extents, ownFiles);
            }
        }
        int to = Math.toIntExact(scanner.position());
        var run = ByteBuffer.allocate(to - at.offset);
        if (file.read(run, at.offset) < run.capacity())
            throw new CorruptLogException(name, at.offset + run.position(), "the file ends before byte " + to);
        return new SegmentCut(run.array(), at.offset, to, at.index + 1, index, firstStamp, stamp, ownFiles);
    }

    private static void collect(EntryFormat.Part part, Disk extents, Set<Long> ownFiles)
            throws IOException, GapException {
        var operations = part.operations();
        var bulk = part.bulk();
        if (bulk != null) {
            own(bulk.extent(), ownFiles);
            open(extents, bulk.extent().file()).close();
            operations = ByteBuffer.wrap(BulkBatch.read(extents, bulk));
        }
        for (var operation : Operations.parse(operations))
            if (operation instanceof Operation.AddExtent(var extent, _))
                own(extent, ownFiles);
    }

    static DiskFile open(Disk extents, long number) throws IOException, GapException {
        var name = FileNames.of(Home.OWN_FILE, number);
        try {
            return extents.open(name, false);
        } catch (NoSuchFileException e) {
            throw new GapException(name + " was given back before it was archived");
        }
    }

    private static void own(Extent extent, Set<Long> ownFiles) {
        if (extent.home() == Home.OWN_FILE)
            ownFiles.add(extent.file());
    }

    Position end(long file) {
        return new Position(file, to, lastIndex, lastStamp);
    }
}
