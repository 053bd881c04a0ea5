package io.cairn.object.internal.engine;

import io.cairn.object.ScrubReport;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One walk over all rows of an open store, with every byte that they name. Keys are taken in pages, so that no cursor and no pin is held for
/// long: a row is read again under a pin of its own before its bytes are. A content that several rows name is read once for each.
final class Scrub {
    private static final int PAGE_ROWS = 256;
    private static final int PIECE_BYTES = 1 << 20;
    private static final byte[] START = {};
    private final Shared shared;
    private final Map<Integer, String> bucketNames;
    private final long bytesPerSecond;
    private final Consumer<Damage> found;
    private final BooleanSupplier ended;
    private final long begun = System.nanoTime();
    private long objects;
    private long bytes;
    private long damages;

    /// What is done with a row that is still there.
    private interface Visit { void row(byte[] key, byte[] value); }

    Scrub(Shared shared, Map<Integer, String> bucketNames, long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        this.shared = shared;
        this.bucketNames = bucketNames;
        this.bytesPerSecond = bytesPerSecond;
        this.found = found;
        this.ended = ended;
    }

    ScrubReport run() {
        try {
            shared.store().verifyFiles();
        } catch (StoreFailedException e) {
            tell("db", e, null);
        }
        each(ObjectSpace.CURRENT, (key, value) -> object(key, ObjectRow.decode(value)));
        each(ObjectSpace.VERSIONS, (key, value) -> {
            if (VersionRow.decode(value) instanceof ObjectRow row)
                object(ObjectKeys.currentOf(key), row);
        });
        each(ObjectSpace.UPLOADS, (key, _) -> {
            objects++;
            long upload = ByteBuffer.wrap(key).getLong(ObjectKeys.uploadNumberAt(key));
            parts(upload, "the unfinished upload " + upload);
        });
        return new ScrubReport(objects, bytes, damages, !ended.getAsBoolean());
    }

    private void each(ObjectSpace space, Visit visit) {
        byte[] from = START;
        while (from != null && !ended.getAsBoolean()) {
            List<byte[]> keys;
            try {
                keys = page(space, from);
            } catch (StoreFailedException e) {
                tell("db", e, null); // what lies behind it cannot be reached
                return;
            }
            for (var key : keys)
                if (!ended.getAsBoolean())
                    visit(space, key, visit);
            from = keys.size() < PAGE_ROWS ? null : ObjectKeys.behind(keys.getLast());
        }
    }

    private List<byte[]> page(ObjectSpace space, byte[] from) {
        var keys = new ArrayList<byte[]>(PAGE_ROWS);
        try (var rows = shared.store().scan(space, new Range(from, null))) {
            for (rows.seekToFirst(); rows.valid() && keys.size() < PAGE_ROWS; rows.next())
                keys.add(rows.key());
        }
        return keys;
    }

    private void visit(ObjectSpace space, byte[] key, Visit visit) {
        try (var _ = shared.log().pin()) {
            var value = shared.store().get(space, key);
            if (value != null)
                visit.row(key, value);
        } catch (StoreFailedException e) {
            tell("db", e, null);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            tell("", "a row of " + space + " cannot be read: " + e.getMessage(), nameOf(key));
        }
    }

    private String nameOf(byte[] key) {
        try {
            int bucket = ByteBuffer.wrap(key).getInt();
            return bucketNames.getOrDefault(bucket, "bucket " + bucket) + "/" + ObjectKeys.keyOf(key);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return HexFormat.of().formatHex(key);
        }
    }

    private void object(byte[] current, ObjectRow row) {
        objects++;
        var name = nameOf(current) + " version " + row.versionId();
        if (row.content() instanceof Content.Parts(long upload))
            parts(upload, name);
        else
            content(row.content(), name);
    }

    private void parts(long upload, String name) {
        var contents = new TreeMap<Integer, Content>();
        try (var rows = shared.store().scan(ObjectSpace.PARTS, ObjectKeys.parts(upload))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                contents.put(OrderedBytes.u32(rows.key(), 8), PartRow.decode(rows.value()).content());
        }
        contents.forEach((number, content) -> content(content, "part " + number + " of " + name));
    }

    private void content(Content content, String hits) {
        if (!(content instanceof Content.Extents(var extents)))
            return;
        for (var extent : extents)
            if (!ended.getAsBoolean())
                read(extent, hits);
    }

    private void read(Extent extent, String hits) {
        try (var content = shared.log().open(extent)) {
            if (content == null) { // nobody gave it back: a pin keeps what rows name
                tell("", "the file %x of one of its extents is missing".formatted(extent.file()), hits);
                return;
            }
            for (int at = 0; at < extent.length() && !ended.getAsBoolean(); at += PIECE_BYTES) {
                int count = Math.min(PIECE_BYTES, extent.length() - at);
                content.read(at, count);
                bytes += count;
                rest();
            }
        } catch (CorruptLogException | StoreFailedException e) {
            tell("", e, hits);
        }
    }

    private void tell(String file, RuntimeException failure, @Nullable String hits) {
        tell(file, String.valueOf(failure.getMessage()), hits);
    }

    private void tell(String file, String what, @Nullable String hits) {
        damages++;
        found.accept(new Damage(file, -1, what, hits));
    }

    /// Waits until so many bytes may have been read.
    private void rest() {
        long due = begun + (long) (bytes * 1e9 / bytesPerSecond);
        try {
            for (long left = due - System.nanoTime(); left > 0 && !ended.getAsBoolean(); left = due - System.nanoTime())
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
