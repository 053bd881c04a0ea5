package io.cairn.replication.internal.log;

import io.cairn.replication.Archive;
import io.cairn.replication.CorruptArchiveException;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.RestoreRefusedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.archive.BlobRef;
import io.cairn.replication.internal.archive.CheckpointManifest;
import io.cairn.replication.internal.archive.SegmentManifest;
import io.cairn.replication.internal.archive.Timeline;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.RocksStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Builds a group's directory from a timeline: the newest checkpoint at or before the instant, the log's segments from the file on in which
/// a replay of that checkpoint begins, up to the last entry whose stamp is not above the instant, and the extent files that they name. The
/// log files are what they were, cut off behind that entry, with a mark there that vouches for them, so opening the directory replays them as
/// after a crash.
///
/// The directory counts as whole only once its caller says so; until then a second run begins anew.
public final class LogRestore {
    private final Timeline timeline;
    private final Group group;
    private final long stamp;
    private final Path into;
    private final CheckpointManifest base;
    private final List<SegmentManifest> segments;
    private long bytes;
    private long lastIndex;
    private long lastStamp;

    private LogRestore(Timeline timeline, Group group, long stamp, Path into) throws IOException {
        this.timeline = timeline;
        this.group = group;
        this.stamp = stamp;
        this.into = into;
        this.base = base();
        this.segments = segments();
        this.lastIndex = base.index();
        this.lastStamp = base.stamp();
    }

    /// @param id of the timeline
    /// @param stamp the last microsecond of which everything is wanted; `Long.MAX_VALUE` for all that is archived
    /// @param into where [#run] finds an empty directory; nothing is made before
    public static LogRestore of(Archive archive, long id, Group group, long stamp, Path into) throws IOException {
        return new LogRestore(new Timeline(archive, group.number(), id), group, stamp, into);
    }

    private CheckpointManifest base() throws IOException {
        for (long sequence : timeline.sequences(Timeline.CHECKPOINTS).reversed()) {
            var checkpoint = timeline.checkpoint(sequence);
            if (checkpoint.stamp() <= stamp)
                return checkpoint;
        }
        throw new RestoreRefusedException("timeline " + Timeline.digits(timeline.id()) + " has no checkpoint so far back");
    }

    /// From the first byte of the file in which the replay begins, without a gap, up to the instant.
    private List<SegmentManifest> segments() throws IOException {
        var sequences = timeline.sequences(Timeline.SEGMENTS);
        var needed = new ArrayList<SegmentManifest>();
        for (int i = first(sequences); i < sequences.size(); i++) {
            var segment = timeline.segment(sequences.get(i));
            if (segment.firstStamp() > stamp)
                break;
            requireNext(needed, segment);
            needed.add(segment);
            if (segment.lastStamp() > stamp)
                break; // one without an entry may follow
        }
        if (needed.isEmpty() || needed.getLast().lastIndex() < base.index())
            throw new CorruptArchiveException(timeline.nameOf(Timeline.SEGMENTS),
                    "no segment reaches index " + base.index() + ", which a checkpoint has");
        return needed;
    }

    private void requireNext(List<SegmentManifest> before, SegmentManifest segment) {
        if (before.isEmpty()) {
            if (segment.file() != base.file() || segment.from() != 0)
                throw new CorruptArchiveException(timeline.nameOf(Timeline.SEGMENTS + Timeline.digits(segment.sequence() - 1)),
                        "it is missing: nothing has the first bytes of " + LogFiles.name(base.file()));
            return;
        }
        var last = before.getLast();
        if (segment.sequence() != last.sequence() + 1)
            throw new CorruptArchiveException(timeline.nameOf(Timeline.SEGMENTS + Timeline.digits(last.sequence() + 1)),
                    "it is missing");
        boolean follows = segment.file() == last.file() ? segment.from() == last.to() : segment.from() == 0;
        if (!follows || segment.firstIndex() != last.lastIndex() + 1)
            throw new CorruptArchiveException(timeline.nameOf(Timeline.SEGMENTS + Timeline.digits(segment.sequence())),
                    "it does not follow the segment before");
    }

    /// The first segment of the file in which the replay begins, by halving.
    private int first(List<Long> sequences) throws IOException {
        int low = 0;
        int high = sequences.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timeline.segment(sequences.get(middle)).file() < base.file())
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// Once.
    public Restored run() throws IOException {
        for (var name : List.of("db", "log", "extents"))
            Files.createDirectories(into.resolve(name));
        for (var file : base.files())
            write(into.resolve(checked(file.path())), file.pieces());
        for (var segment : segments) {
            if (segment.lastIndex() > base.index())
                for (var extent : segment.extents())
                    extent(extent);
            segment(segment);
        }
        cut(segments.getLast());
        requireWhole();
        for (var name : List.of("db", "log", "extents"))
            Disk.of(into.resolve(name)).sync();
        BegunMark.write(into);
        return new Restored(timeline.id(), lastIndex, lastStamp, base.stamp(), bytes);
    }

    /// A manifest that was tampered with must not write elsewhere.
    private String checked(String path) {
        if (!path.matches("(db|log|extents)/[A-Za-z0-9][A-Za-z0-9._-]*"))
            throw new CorruptArchiveException(timeline.nameOf(Timeline.CHECKPOINTS + Timeline.digits(base.sequence())),
                    "it names a file " + path);
        return path;
    }

    private void write(Path target, List<BlobRef> pieces) throws IOException {
        try (var file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (var piece : pieces)
                copy(piece, file);
            file.force(true);
        }
    }

    private void copy(BlobRef piece, FileChannel file) throws IOException {
        timeline.copy(piece, Channels.newOutputStream(file));
        bytes += piece.bytes();
    }

    private void extent(BlobRef extent) throws IOException {
        long number = Long.parseUnsignedLong(extent.name().substring(Timeline.EXTENTS.length()), 16);
        var target = into.resolve("extents").resolve(FileNames.of(Home.OWN_FILE, number));
        if (!Files.exists(target))
            write(target, List.of(extent));
    }

    private void segment(SegmentManifest segment) throws IOException {
        var target = logFile(segment.file());
        try (var file = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (file.size() != segment.from())
                throw new CorruptArchiveException(timeline.nameOf(segment.log().name()),
                        "it begins at byte %d, but %s ends at byte %d".formatted(segment.from(), target.getFileName(),
                                file.size()));
            file.position(segment.from());
            copy(segment.log(), file);
            file.force(true);
        }
    }

    private Path logFile(long number) {
        return into.resolve("log").resolve(LogFiles.name(number));
    }

    /// Ends the log behind the last entry that is wanted.
    private void cut(SegmentManifest last) throws IOException {
        var before = segments.size() > 1 ? segments.get(segments.size() - 2) : null;
        long index = last.firstIndex() - 1;
        lastStamp = before == null ? base.stamp() : Math.max(base.stamp(), before.lastStamp());
        long end = last.from();
        try (var file = Disk.of(into.resolve("log")).open(LogFiles.name(last.file()), false)) {
            var header = header(file, last);
            var scanner = new LogScanner(file, header, timeline.nameOf(last.log().name()),
                    Math.max(last.from(), LogFileHeader.RECORDS_AT));
            for (var record = scanner.next(); record != null; record = scanner.next()) {
                if (record.kind() != RecordFormat.ENTRY)
                    continue;
                var parts = EntryFormat.decode(record.payload()).parts();
                if (parts.getFirst().stamp() > stamp)
                    break;
                if (parts.getLast().stamp() > stamp)
                    throw new RestoreRefusedException("one entry has changes of before and after " + stamp + "; name "
                            + (parts.getFirst().stamp() - 1) + " or " + parts.getLast().stamp() + " instead");
                end = record.end();
                index += parts.size();
                lastStamp = Math.max(lastStamp, parts.getLast().stamp());
            }
            lastIndex = Math.max(base.index(), index);
            if (last.lastStamp() <= stamp)
                end = last.to();
            file.truncate(end);
            if (end > 0)
                vouch(file, header, end);
            file.sync();
        }
        if (end == 0) {
            Files.delete(logFile(last.file()));
            if (before != null)
                vouchFor(before);
        }
    }

    private LogFileHeader header(DiskFile file, SegmentManifest segment) throws IOException {
        var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
        file.read(bytes, 0);
        var header = LogFileHeader.decode(bytes.flip());
        if (header == null || header.number() != segment.file() || header.engine() != group.engine().id()
                || header.group() != group.number())
            throw new CorruptArchiveException(timeline.nameOf(segment.log().name()),
                    "it is not of a log file of " + group.engine() + " " + group.number());
        return header;
    }

    /// What was copied was held against its checksums, and no later file's head says where it ends: without a mark, damage to the last group
    /// would look like a tail that was torn, and the next open would drop what was restored.
    private static void vouch(DiskFile file, LogFileHeader header, long end) throws IOException {
        var mark = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        RecordFormat.seal(mark, 0, 0, RecordFormat.MARK, end, header, end);
        file.write(mark, end);
    }

    /// Its file became the last: the head that said where it ends has gone with the file behind it.
    private void vouchFor(SegmentManifest segment) throws IOException {
        try (var file = Disk.of(into.resolve("log")).open(LogFiles.name(segment.file()), false)) {
            vouch(file, header(file, segment), segment.to());
            file.sync();
        }
    }

    /// Every file is there that a row of the checkpoint names.
    private void requireWhole() {
        var contents = RocksStore.contents(into.resolve("db"), group);
        var name = timeline.nameOf(Timeline.CHECKPOINTS + Timeline.digits(base.sequence()));
        if (contents.applied().index() != base.index() || contents.applied().file() != base.file()
                || contents.applied().offset() != base.offset())
            throw new CorruptArchiveException(name,
                    "its store is at index " + contents.applied().index() + ", not " + base.index());
        for (var file : contents.liveFiles()) {
            var path = switch (file.home()) {
                case LOG -> logFile(file.number());
                case OWN_FILE -> into.resolve("extents").resolve(FileNames.of(file));
            };
            if (!Files.exists(path))
                throw new CorruptArchiveException(name,
                        "it lacks " + path.getFileName() + ", which has extents that its rows name");
        }
    }
}
