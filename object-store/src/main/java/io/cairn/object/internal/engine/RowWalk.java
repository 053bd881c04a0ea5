package io.cairn.object.internal.engine;

import io.cairn.object.internal.engine.ExtentMoves.Move;
import io.cairn.object.internal.engine.RowName.Holder;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Relocation;
import io.cairn.replication.Store.Cursor;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks all rows once and finds the contents that a round is to move, each with all rows that name it. Rows change meanwhile: what is
/// found is a guess that is checked under latches.
///
/// A content that one version names is told at once. One that several rows name, and the parts of an upload, are told at the end, when all
/// rows were seen; at most [#MAX_NAMES] rows of such are kept, the rest is left for the next round. A content that more than [#MAX_ROWS] rows
/// name stays where it is: moving it would hold as many latches.
final class RowWalk {
    private static final int MAX_NAMES = 20_000;
    private static final int MAX_ROWS = 1000;
    private static final byte[] START = {};
    private final Shared shared;
    private final Relocation relocation;
    private final Map<Content.Extents, Set<RowName>> several = new LinkedHashMap<>();
    /// Numbers of parts that are concerned, by upload.
    private final Map<Long, Map<Integer, Content.Extents>> parts = new LinkedHashMap<>();
    private final Map<Long, Holder> unfinished = new HashMap<>();
    private final Map<Long, Set<RowName.OfVersion>> owners = new HashMap<>();
    private int names;

    /// Takes a content to move; `true` when that took long.
    interface Sink { boolean add(Move move); }

    private interface Visit { boolean row(byte[] key, byte[] value); }

    RowWalk(Shared shared, Relocation relocation) {
        this.shared = shared;
        this.relocation = relocation;
    }

    void walk(Sink sink) {
        visit(ObjectSpace.PARTS, this::part);
        if (!parts.isEmpty())
            visit(ObjectSpace.UPLOADS, this::upload);
        visit(ObjectSpace.CURRENT, (key, value) -> version(key, ObjectRow.decode(value), sink));
        visit(ObjectSpace.VERSIONS, (key, value) -> VersionRow.decode(value) instanceof ObjectRow row
                && version(ObjectKeys.currentOf(key), row, sink));
        tellParts(sink);
        tellSeveral(sink);
    }

    /// The cursor is opened anew whenever time was spent, so that it does not keep old files of the store.
    private void visit(ObjectSpace space, Visit visit) {
        byte[] from = START;
        while (from != null && !relocation.ended())
            from = visit(space, from, visit);
    }

    private byte @Nullable [] visit(ObjectSpace space, byte[] from, Visit visit) {
        try (Cursor rows = shared.store().scan(space, new Range(from, null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                if (relocation.ended())
                    return null;
                var key = rows.key();
                if (visit.row(key, rows.value()))
                    return ObjectKeys.behind(key);
            }
        }
        return null;
    }

    private boolean concerns(Content.Extents content) {
        for (var extent : content.extents())
            if (relocation.concerns(extent))
                return true;
        return false;
    }

    private boolean part(byte[] key, byte[] value) {
        if (names < MAX_NAMES && PartRow.decode(value).content() instanceof Content.Extents extents && concerns(extents)) {
            parts.computeIfAbsent(ByteBuffer.wrap(key).getLong(), _ -> new LinkedHashMap<>()).put(OrderedBytes.u32(key, 8),
                    extents);
            names++;
        }
        return false;
    }

    private boolean upload(byte[] key, byte[] value) {
        long number = ByteBuffer.wrap(key).getLong(ObjectKeys.uploadNumberAt(key));
        if (parts.containsKey(number))
            unfinished.put(number, new Holder.Unfinished(key));
        return false;
    }

    private boolean version(byte[] key, ObjectRow row, Sink sink) {
        switch (row.content()) {
            case Content.Inline _ -> {
            }
            case Content.Parts(long upload) -> {
                if (parts.containsKey(upload) && names < 2 * MAX_NAMES
                        && owners.computeIfAbsent(upload, _ -> new LinkedHashSet<>()).add(named(key, row)))
                    names++;
            }
            case Content.Extents extents -> {
                if (concerns(extents)) {
                    int rows = shared.references().rows(extents);
                    if (rows == 1)
                        return sink.add(new Move(extents, List.of(named(key, row))));
                    remember(extents, rows, named(key, row));
                }
            }
        }
        return false;
    }

    private static RowName.OfVersion named(byte[] key, ObjectRow row) {
        return new RowName.OfVersion(ByteBuffer.wrap(key), row.stamp());
    }

    private void remember(Content.Extents content, int rows, RowName name) {
        if (rows <= MAX_ROWS && (several.containsKey(content) || names < 2 * MAX_NAMES)
                && several.computeIfAbsent(content, _ -> new LinkedHashSet<>()).add(name))
            names++;
    }

    private void tellParts(Sink sink) {
        parts.forEach((upload, concerned) -> {
            var versions = owners.getOrDefault(upload, Set.of());
            var holder = unfinished.get(upload);
            if (!versions.isEmpty()) // it may have been completed while we walked
                holder = versions.size() > MAX_ROWS ? null : new Holder.Versions(List.copyOf(versions));
            if (holder == null)
                return;
            for (var part : concerned.entrySet()) {
                var name = new RowName.OfPart(upload, part.getKey(), holder);
                int rows = shared.references().rows(part.getValue());
                if (rows == 1)
                    sink.add(new Move(part.getValue(), List.of(name)));
                else
                    remember(part.getValue(), rows, name);
            }
        });
    }

    private void tellSeveral(Sink sink) {
        several.forEach((content, rows) -> {
            if (!relocation.ended())
                sink.add(new Move(content, new ArrayList<>(rows)));
        });
    }
}
