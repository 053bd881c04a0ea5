package io.cairn.replication.internal.archive;

import io.cairn.replication.Archive;
import io.cairn.replication.CorruptArchiveException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/// One timeline's blobs. Names in the archive:
///
///     GROUP/TIMELINE/timeline               [TimelineHead]
///     GROUP/TIMELINE/log/SEQUENCE           bytes of a log file
///     GROUP/TIMELINE/extents/NUMBER         an extent file
///     GROUP/TIMELINE/segments/SEQUENCE      [SegmentManifest]
///     GROUP/TIMELINE/files/SHA-256          a file of a checkpoint
///     GROUP/TIMELINE/checkpoints/SEQUENCE   [CheckpointManifest]
///     GROUP/TIMELINE/watermarks/STAMP       [Watermark]
///
/// Numbers have 16 hexadecimal digits, so that names are in their order. What is read is held against its checksum:
/// [CorruptArchiveException] names the blob. Any thread.
public final class Timeline {
    public static final String SEGMENTS = "segments/";
    public static final String CHECKPOINTS = "checkpoints/";
    public static final String LOG = "log/";
    public static final String EXTENTS = "extents/";
    public static final String FILES = "files/";
    public static final String WATERMARKS = "watermarks/";
    private static final String HEAD = "timeline";
    private static final int MAX_MANIFEST_BYTES = 256 << 20;

    private final Archive archive;
    private final String prefix;
    private final long id;

    public Timeline(Archive archive, int group, long id) {
        this.archive = archive;
        this.id = id;
        this.prefix = group + "/" + digits(id) + "/";
    }

    /// All timelines of a group, those included whose head was never put.
    public static List<Timeline> all(Archive archive, int group) throws IOException {
        var ids = new TreeSet<Long>();
        for (var name : archive.list(group + "/")) {
            var parts = name.split("/", 3);
            if (parts.length == 3 && parts[1].matches("[0-9a-f]{16}"))
                ids.add(Long.parseUnsignedLong(parts[1], 16));
        }
        return ids.stream().map(id -> new Timeline(archive, group, id)).toList();
    }

    public static String digits(long number) {
        var digits = Long.toHexString(number);
        return "0".repeat(16 - digits.length()) + digits;
    }

    public long id() {
        return id;
    }

    /// The full name, for messages.
    public String nameOf(String blob) {
        return prefix + blob;
    }

    // ---- writing ----

    public void put(String name, byte[] bytes) throws IOException {
        archive.put(prefix + name, bytes.length, new ByteArrayInputStream(bytes));
    }

    public void put(String name, long bytes, InputStream content) throws IOException {
        archive.put(prefix + name, bytes, content);
    }

    public void put(TimelineHead head) throws IOException {
        put(HEAD, head.encode());
    }

    public void put(SegmentManifest segment) throws IOException {
        put(SEGMENTS + digits(segment.sequence()), segment.encode());
    }

    public void put(CheckpointManifest checkpoint) throws IOException {
        put(CHECKPOINTS + digits(checkpoint.sequence()), checkpoint.encode());
    }

    public void put(Watermark watermark) throws IOException {
        put(watermark.name(), watermark.encode());
    }

    public void delete(List<String> names) throws IOException {
        archive.delete(names.stream().map(name -> prefix + name).toList());
    }

    /// What killed processes left of puts. For the log that writes this timeline.
    public void discardUnfinished() throws IOException {
        archive.discardUnfinished(prefix);
    }

    // ---- reading ----

    /// Names within this timeline.
    public List<String> list(String kind) throws IOException {
        return archive.list(prefix + kind).stream().map(name -> name.substring(prefix.length())).toList();
    }

    /// The numbers of all manifests, or of the logs' bytes, in order.
    public List<Long> sequences(String kind) throws IOException {
        var sequences = new ArrayList<Long>();
        for (var name : list(kind))
            try {
                sequences.add(Long.parseUnsignedLong(name.substring(kind.length()), 16));
            } catch (NumberFormatException e) {
                throw new CorruptArchiveException(nameOf(name), "the name is not a number");
            }
        return sequences;
    }

    /// Whether its head is there.
    public boolean begun() throws IOException {
        return archive.list(prefix).contains(prefix + HEAD);
    }

    public TimelineHead head() throws IOException {
        var head = manifest(HEAD, TimelineHead::decode);
        if (head.timeline() != id)
            throw new CorruptArchiveException(nameOf(HEAD), "it belongs to timeline " + digits(head.timeline()));
        return head;
    }

    public SegmentManifest segment(long sequence) throws IOException {
        var name = SEGMENTS + digits(sequence);
        var segment = manifest(name, SegmentManifest::decode);
        if (segment.timeline() != id || segment.sequence() != sequence)
            throw new CorruptArchiveException(nameOf(name), "it is segment %d of timeline %s".formatted(segment.sequence(),
                    digits(segment.timeline())));
        return segment;
    }

    public CheckpointManifest checkpoint(long sequence) throws IOException {
        var name = CHECKPOINTS + digits(sequence);
        var checkpoint = manifest(name, CheckpointManifest::decode);
        if (checkpoint.timeline() != id || checkpoint.sequence() != sequence)
            throw new CorruptArchiveException(nameOf(name), "it is checkpoint %d of timeline %s".formatted(checkpoint.sequence(),
                    digits(checkpoint.timeline())));
        return checkpoint;
    }

    /// Up to which stamp all is archived: that of the last of `segments`, or of the newest watermark behind it.
    ///
    /// @param segments the numbers of all, not empty
    public long reaches(List<Long> segments) throws IOException {
        long last = segments.getLast();
        long reached = segment(last).lastStamp();
        for (var name : list(WATERMARKS))
            try {
                var watermark = manifest(name, Watermark::decode);
                if (watermark.timeline() == id && watermark.sequence() <= last)
                    reached = Math.max(reached, watermark.stamp());
            } catch (CorruptArchiveException e) {
                // Without it the timeline ends where its segments do: nothing false is restored.
            }
        return reached;
    }

    private <T> T manifest(String name, Function<byte[], T> decode) throws IOException {
        byte[] bytes;
        try (var in = archive.get(prefix + name)) {
            bytes = in.readNBytes(MAX_MANIFEST_BYTES);
        } catch (NoSuchFileException e) {
            throw missing(name);
        }
        try {
            return decode.apply(bytes);
        } catch (IllegalArgumentException e) {
            throw new CorruptArchiveException(nameOf(name), String.valueOf(e.getMessage()));
        }
    }

    /// Copies a blob and holds it against what its manifest says.
    public void copy(BlobRef blob, OutputStream into) throws IOException {
        var crc = new CRC32C();
        long bytes;
        try (var in = new CheckedInputStream(archive.get(prefix + blob.name()), crc)) {
            bytes = in.transferTo(into);
        } catch (NoSuchFileException e) {
            throw missing(blob.name());
        }
        if (bytes != blob.bytes())
            throw new CorruptArchiveException(nameOf(blob.name()), "it has %d bytes, not %d".formatted(bytes, blob.bytes()));
        if ((int) crc.getValue() != blob.crc32c())
            throw new CorruptArchiveException(nameOf(blob.name()),
                    "stored crc32c %08x, data has %08x".formatted(blob.crc32c(), (int) crc.getValue()));
    }

    private CorruptArchiveException missing(String name) {
        return new CorruptArchiveException(nameOf(name), "it is missing");
    }
}
