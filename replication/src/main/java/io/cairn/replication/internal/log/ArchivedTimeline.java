package io.cairn.replication.internal.log;

import io.cairn.replication.Extent.Home;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.archive.BlobRef;
import io.cairn.replication.internal.archive.CheckpointManifest;
import io.cairn.replication.internal.archive.SegmentManifest;
import io.cairn.replication.internal.archive.Timeline;
import io.cairn.replication.internal.archive.Watermark;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.log.SegmentCut.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/// The timeline that a log writes: how far it is, and which of its blobs the next checkpoint may name again. Not thread-safe.
///
/// Invariant: a segment's manifest is put when its bytes and every extent file that they name are there; a checkpoint's when its files, and
/// the segments up to its index, are. So whatever instant the process dies, every manifest can be restored from.
final class ArchivedTimeline {
    private final Timeline timeline;
    private final Disk extents;
    private Position position;
    private long sequence;
    private @Nullable CheckpointManifest checkpoint;
    private long bytesSinceCheckpoint;
    private long bytesPut;
    /// By number of a log file that is archived from its first byte on, or lay in a checkpoint: what it is made of.
    private final Map<Long, List<BlobRef>> logFiles = new HashMap<>();
    private final Map<Long, BlobRef> extentFiles = new HashMap<>();
    private final Set<String> contents = new HashSet<>();
    private final List<String> watermarks = new ArrayList<>();
    private long watermark;

    ArchivedTimeline(Timeline timeline, Disk extents, Position position) {
        this.timeline = timeline;
        this.extents = extents;
        this.position = position;
    }

    /// Goes on with what the archive holds.
    static ArchivedTimeline resume(Timeline timeline, Disk extents) throws IOException {
        var head = timeline.head();
        var resumed = new ArchivedTimeline(timeline, extents, new Position(head.firstFile(), 0, head.firstIndex() - 1, 0));
        var checkpoints = timeline.sequences(Timeline.CHECKPOINTS);
        if (!checkpoints.isEmpty())
            resumed.load(timeline.checkpoint(checkpoints.getLast()));
        var sequences = timeline.sequences(Timeline.SEGMENTS);
        resumed.sequence = sequences.isEmpty() ? 0 : sequences.getLast();
        resumed.loadSegments(sequences);
        resumed.contents.addAll(timeline.list(Timeline.FILES));
        resumed.watermarks.addAll(timeline.list(Timeline.WATERMARKS));
        return resumed;
    }

    /// Removes what a process left that died in between: bytes of a log that no manifest names, and puts that were not finished. Not before
    /// [#isOf] has said that nobody else writes this timeline.
    void discardUnfinished() throws IOException {
        var orphans = new ArrayList<String>();
        for (long number : timeline.sequences(Timeline.LOG))
            if (number > sequence)
                orphans.add(Timeline.LOG + Timeline.digits(number));
        timeline.delete(orphans);
        timeline.discardUnfinished();
    }

    private void load(CheckpointManifest newest) {
        checkpoint = newest;
        for (var file : newest.files()) {
            var name = file.path().substring(file.path().indexOf('/') + 1);
            if (file.path().startsWith("log/"))
                FileNames.number(Home.LOG, name).ifPresent(number -> logFiles.put(number, file.pieces()));
            if (file.path().startsWith("extents/"))
                FileNames.number(Home.OWN_FILE, name).ifPresent(number -> extentFiles.put(number, file.pieces().getFirst()));
        }
    }

    private void loadSegments(List<Long> sequences) throws IOException {
        var known = checkpoint;
        var segments = new ArrayList<SegmentManifest>();
        for (int i = sequences.size() - 1; i >= 0; i--) {
            var segment = timeline.segment(sequences.get(i));
            if (known != null && segment.file() < known.file()) {
                if (segments.isEmpty())
                    position = new Position(segment.file(), segment.to(), segment.lastIndex(), segment.lastStamp());
                break;
            }
            segments.add(segment);
        }
        for (var segment : segments.reversed())
            archived(segment);
    }

    private void archived(SegmentManifest segment) {
        if (segment.from() == 0)
            logFiles.put(segment.file(), new ArrayList<>());
        var pieces = logFiles.get(segment.file());
        if (pieces != null)
            pieces.add(segment.log());
        for (var extent : segment.extents())
            extentFiles.put(Long.parseUnsignedLong(extent.name().substring(Timeline.EXTENTS.length()), 16), extent);
        if (checkpoint == null || segment.lastIndex() > checkpoint.index())
            bytesSinceCheckpoint += segment.log().bytes() + segment.extents().stream().mapToLong(BlobRef::bytes).sum();
        position = new Position(segment.file(), segment.to(), segment.lastIndex(), segment.lastStamp());
    }

    /// Reads bytes of a log file that the log has now; null when there are none such.
    @FunctionalInterface
    interface LocalBytes { byte @Nullable [] read(long file, int from, int to) throws IOException; }

    /// Whether the log has, where the last segment lies, what was archived: so that another log's timeline is never gone on with.
    boolean isOf(LocalBytes log) throws IOException {
        if (sequence == 0)
            return true;
        var last = timeline.segment(sequence);
        var bytes = log.read(last.file(), last.from(), last.to());
        return bytes != null && crc32c(bytes) == last.log().crc32c();
    }

    Timeline timeline() {
        return timeline;
    }

    Position position() {
        return position;
    }

    @Nullable
    CheckpointManifest checkpoint() {
        return checkpoint;
    }

    long bytesSinceCheckpoint() {
        return bytesSinceCheckpoint;
    }

    /// Bytes put by this process.
    long bytesPut() {
        return bytesPut;
    }

    // ---- writing ----

    /// Archives what was cut. [GapException] when an extent file that it names is not there any more.
    void archive(long file, SegmentCut cut) throws IOException, GapException {
        var named = new ArrayList<BlobRef>();
        for (long number : cut.ownFiles())
            named.add(extent(number));
        long next = sequence + 1;
        var log = new BlobRef(Timeline.LOG + Timeline.digits(next), cut.bytes().length, crc32c(cut.bytes()));
        timeline.put(log.name(), cut.bytes());
        var segment = new SegmentManifest(timeline.id(), next, file, cut.from(), cut.to(), cut.firstIndex(), cut.lastIndex(),
                cut.firstStamp(), cut.lastStamp(), log, named);
        timeline.put(segment);
        bytesPut += cut.bytes().length;
        sequence = next;
        archived(segment);
    }

    /// The position's file is archived to its end: on with the file after it.
    void follow(long next) {
        position = new Position(next, 0, position.index(), position.stamp());
    }

    private BlobRef extent(long number) throws IOException, GapException {
        var known = extentFiles.get(number);
        if (known != null)
            return known;
        try (var file = SegmentCut.open(extents, number)) {
            return putExtent(number, file.size(), new DiskFileStream(file));
        }
    }

    /// An extent file never changes, so one that is there already, from before the process died, is this one.
    BlobRef putExtent(long number, long bytes, InputStream content) throws IOException {
        var name = Timeline.EXTENTS + Timeline.digits(number);
        var crc = new CRC32C();
        var checked = new CheckedInputStream(content, crc);
        try {
            timeline.put(name, bytes, checked);
            bytesPut += bytes;
        } catch (FileAlreadyExistsException e) {
            checked.transferTo(OutputStream.nullOutputStream());
        }
        var blob = new BlobRef(name, bytes, (int) crc.getValue());
        extentFiles.put(number, blob);
        return blob;
    }

    /// What log file `number` is made of in the archive; null when it is not there from its first byte on.
    @Nullable
    List<BlobRef> logFile(long number) {
        return logFiles.get(number);
    }

    @Nullable
    BlobRef extentFile(long number) {
        return extentFiles.get(number);
    }

    boolean hasContent(String name) {
        return contents.contains(name);
    }

    void putContent(String name, long bytes, InputStream content) throws IOException {
        try {
            timeline.put(name, bytes, content);
            bytesPut += bytes;
        } catch (FileAlreadyExistsException e) {
            // Named by its content: it is the same.
        }
        contents.add(name);
    }

    /// Puts a checkpoint's manifest, and forgets what neither it nor a segment behind it names.
    void put(CheckpointManifest manifest) throws IOException {
        timeline.put(manifest);
        logFiles.keySet().removeIf(number -> number < manifest.file());
        extentFiles.keySet().removeIf(number -> number < manifest.file());
        load(manifest);
        bytesSinceCheckpoint = 0;
    }

    /// Stamp of the newest watermark put by this process; 0 for none.
    long watermark() {
        return watermark;
    }

    /// Says that nothing up to `stamp` is missing, and removes what said so of earlier ones.
    void putWatermark(long stamp) throws IOException {
        var mark = new Watermark(timeline.id(), sequence, stamp);
        watermark = stamp;
        if (watermarks.contains(mark.name()))
            return; // by an earlier process: the clock stands still
        timeline.put(mark);
        timeline.delete(watermarks);
        watermarks.clear();
        watermarks.add(mark.name());
    }

    private static int crc32c(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// What a retention left of the contents of checkpoints.
    void reloadContents() throws IOException {
        contents.clear();
        contents.addAll(timeline.list(Timeline.FILES));
    }
}
