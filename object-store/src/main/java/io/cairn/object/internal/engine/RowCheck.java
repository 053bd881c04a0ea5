package io.cairn.object.internal.engine;

import io.cairn.object.internal.row.BucketRow;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.MarkerRow;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.LogInspection;
import io.cairn.replication.LogInspection.File;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import io.cairn.replication.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds all rows of a store against one another and against what they name. Memory: a number for each multipart object, and a count for
/// each content that several rows name.
final class RowCheck {
    private record FileKey(Home home, long number) {}

    /// Rows that name one content, against what is counted.
    private static final class Naming {
        final long counted;
        long seen;

        Naming(long counted) {
            this.counted = counted;
        }
    }

    private final LogInspection log;
    private final Consumer<Damage> found;
    private final Map<Integer, String> bucketNames = new HashMap<>();
    private final Map<FileKey, Long> live = new HashMap<>();
    private final Map<ByteBuffer, Naming> shared = new HashMap<>();
    /// How many parts the object or the upload has that keeps them; -1 for an unfinished upload.
    private final Map<Long, Integer> uploadsNamed = new HashMap<>();
    private final Map<Long, Integer> partsSeen = new TreeMap<>();
    private final Set<Extent> damagedShared = new HashSet<>();
    long objects;
    long versions;
    long markers;
    long objectBytes;
    long uploads;
    long partBytes;

    RowCheck(LogInspection log, Consumer<Damage> found) {
        this.log = log;
        this.found = found;
    }

    private interface Visit { void row(byte[] key, byte[] value); }

    private void each(ObjectSpace space, Visit visit) {
        try (var rows = log.rows().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                var key = rows.key();
                try {
                    visit.row(key, rows.value());
                } catch (IllegalArgumentException | BufferUnderflowException e) {
                    wrong("a row of " + space + " cannot be read: " + e.getMessage(), HexFormat.of().formatHex(key));
                }
            }
        }
    }

    void run() {
        each(ObjectSpace.BUCKETS, (key, value) -> {
            if (key[0] != 0)
                bucketNames.put(BucketRow.decode(value).id(), new String(key, StandardCharsets.US_ASCII));
        });
        each(ObjectSpace.SHARED,
                (key, value) -> shared.put(ByteBuffer.wrap(key), new Naming(Varint.get(ByteBuffer.wrap(value)))));
        each(ObjectSpace.UPLOADS, (key, _) -> {
            uploads++;
            uploadsNamed.put(ByteBuffer.wrap(key).getLong(ObjectKeys.uploadNumberAt(key)), -1);
        });
        each(ObjectSpace.CURRENT, (key, value) -> {
            objects++;
            object(key, ObjectRow.decode(value));
        });
        each(ObjectSpace.VERSIONS, this::version);
        each(ObjectSpace.NULL_VERSIONS, this::nullVersion);
        each(ObjectSpace.PARTS, this::part);
        uploadsNamed.forEach((upload, parts) -> {
            if (parts >= 0 && partsSeen.getOrDefault(upload, 0) != (int) parts)
                wrong("of the upload " + upload + " there are " + partsSeen.getOrDefault(upload, 0) + " parts, not " + parts,
                        null);
        });
        shared.forEach((key, naming) -> {
            if (naming.seen != naming.counted)
                wrong("a content that " + naming.counted + " rows should name is named by " + naming.seen,
                        HexFormat.of().formatHex(ObjectKeys.bytes(key)));
        });
        compareLive();
    }

    private void version(byte[] key, byte[] value) {
        var current = ObjectKeys.currentOf(key);
        var row = VersionRow.decode(value);
        if (row.stamp() != ObjectKeys.stampOf(key))
            wrong("a version of stamp " + row.stamp() + " stands where that of " + ObjectKeys.stampOf(key) + " should",
                    name(current));
        if (row.isNull()) {
            var stamp = log.rows().get(ObjectSpace.NULL_VERSIONS, current);
            if (stamp == null || ByteBuffer.wrap(stamp).getLong() != row.stamp())
                wrong("a null version is not known as one", name(current));
        }
        switch (row) {
            case MarkerRow _ -> {
                markers++;
                bucketOf(current);
            }
            case ObjectRow object -> {
                versions++;
                object(current, object);
            }
        }
    }

    private void nullVersion(byte[] key, byte[] value) {
        var row = log.rows().get(ObjectSpace.VERSIONS, ObjectKeys.version(key, ByteBuffer.wrap(value).getLong()));
        if (row == null || !VersionRow.decode(row).isNull())
            wrong("the null version is not where it should be", name(key));
    }

    private void object(byte[] current, ObjectRow row) {
        bucketOf(current);
        objectBytes += row.sizeBytes();
        var hits = name(current) + " version " + row.versionId();
        switch (row.content()) {
            case Content.Inline _ -> {
            }
            case Content.Extents extents -> extents(extents, row.sizeBytes(), hits);
            case Content.Parts(long upload) -> {
                named(ObjectKeys.shared(upload), uploadsNamed.containsKey(upload), hits);
                uploadsNamed.put(upload, row.partCount());
            }
        }
    }

    private void part(byte[] key, byte[] value) {
        long upload = ByteBuffer.wrap(key).getLong();
        var hits = "part " + OrderedBytes.u32(key, 8) + " of the upload " + upload;
        var holder = uploadsNamed.get(upload);
        if (holder == null)
            wrong("a part belongs to no upload and no object", hits);
        var row = PartRow.decode(value);
        partsSeen.merge(upload, 1, Integer::sum);
        if (holder != null && holder < 0)
            partBytes += row.sizeBytes();
        if (row.content() instanceof Content.Extents extents)
            extents(extents, row.sizeBytes(), hits);
    }

    private void extents(Content.Extents content, long sizeBytes, String hits) {
        long sum = content.extents().stream().mapToLong(Extent::length).sum();
        if (sum != sizeBytes)
            wrong("the extents hold " + sum + " bytes, not " + sizeBytes, hits);
        boolean again = named(ObjectKeys.shared(content.extents().getFirst()), false, hits);
        for (var extent : content.extents()) {
            if (!again)
                live.merge(new FileKey(extent.home(), extent.file()), extent.length() + 1L, Long::sum);
            if (again && !damagedShared.contains(extent))
                continue;
            var damage = log.check(extent);
            if (damage == null)
                continue;
            if (shared.containsKey(ByteBuffer.wrap(ObjectKeys.shared(content.extents().getFirst()))))
                damagedShared.add(extent);
            found.accept(new Damage(damage.file(), damage.offset(), damage.what(), hits));
        }
    }

    /// Whether another row has named the content before. Only one may, unless more are counted.
    private boolean named(byte[] key, boolean before, String hits) {
        var naming = shared.get(ByteBuffer.wrap(key));
        if (naming != null)
            return naming.seen++ > 0;
        if (before)
            wrong("a content is named by more rows than one, and that is not counted", hits);
        return before;
    }

    private void compareLive() {
        for (var counted : log.live().entrySet()) {
            var key = new FileKey(counted.getKey().home(), counted.getKey().number());
            long named = live.getOrDefault(key, 0L);
            live.remove(key);
            if (counted.getValue() < 0)
                found.accept(new Damage(counted.getKey().name(), -1,
                        "an extent in it was given up twice: the file is kept for ever", null));
            else if (counted.getValue() != named)
                found.accept(new Damage(counted.getKey().name(), -1,
                        "%d bytes are counted as alive in it, rows name %d".formatted(counted.getValue(), named), null));
            total(counted.getKey(), named);
        }
        live.forEach((key, bytes) -> wrong("rows name " + bytes + " bytes in file " + Long.toHexString(key.number)
                + " in which none are counted as alive", null));
    }

    private long liveLogBytes;
    private long liveExtentBytes;

    private void total(File file, long bytes) {
        switch (file.home()) {
            case LOG -> liveLogBytes += bytes;
            case OWN_FILE -> liveExtentBytes += bytes;
        }
    }

    long buckets() {
        return bucketNames.size();
    }

    long liveLogBytes() {
        return liveLogBytes;
    }

    long liveExtentBytes() {
        return liveExtentBytes;
    }

    private void bucketOf(byte[] current) {
        if (!bucketNames.containsKey(ByteBuffer.wrap(current).getInt()))
            wrong("a row belongs to no bucket", name(current));
    }

    private String name(byte[] current) {
        int id = ByteBuffer.wrap(current).getInt();
        return bucketNames.getOrDefault(id, "bucket " + id) + "/" + ObjectKeys.keyOf(current);
    }

    private void wrong(String what, @Nullable String hits) {
        found.accept(new Damage("", -1, what, hits));
    }
}
