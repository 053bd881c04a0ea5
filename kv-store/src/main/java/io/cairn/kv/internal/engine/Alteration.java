package io.cairn.kv.internal.engine;

import static io.cairn.kv.internal.engine.ItemChecks.invalid;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.internal.row.ExpiryRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.kv.internal.row.TableRow.IndexRow;
import io.cairn.replication.Batch;
import io.cairn.replication.OrderedBytes;
import java.util.ArrayList;
import java.util.Objects;

/// What becomes of a table's row when its definition is changed, and which rows go.
///
/// @param row as it is to be
/// @param batch all that is to be written
record Alteration(TableRow row, Batch batch) {
    /// A [KvRefusedException] when a table cannot be changed so.
    ///
    /// @param label of a stream that is switched on
    static Alteration of(TableRow row, TableDefinition wanted, long label) {
        var stands = row.definition();
        TableChecks.definition(wanted);
        if (!wanted.name().equals(stands.name()) || !wanted.key().equals(stands.key()))
            throw invalid("a table's name and key cannot be changed");
        var batch = new Batch();
        var next = indexes(row, wanted, batch);
        if (wanted.stream() != null && stands.stream() != null && wanted.stream() != stands.stream())
            throw KvRefusedException.validation("Table already has an enabled stream: TableName: " + stands.name());
        if (wanted.stream() == null)
            DisabledStreams.end(row, batch);
        if (wanted.stream() != stands.stream())
            next = next.withStreamMicros(wanted.stream() == null ? 0 : label);
        if (!Objects.equals(wanted.ttlAttribute(), stands.ttlAttribute())) {
            batch.deleteRange(KvSpace.TTL, ExpiryRow.from(row.id(), 0), ExpiryRow.from(row.id() + 1, 0));
            next = next.withTtlFilled(false);
        }
        batch.put(KvSpace.META, TableRow.key(stands.name()), next.encode());
        return new Alteration(next, batch);
    }

    private static TableRow indexes(TableRow row, TableDefinition wanted, Batch batch) {
        var stands = row.definition();
        var rows = new ArrayList<IndexRow>();
        int nextIndex = row.nextIndex();
        for (var index : wanted.indexes()) {
            int at = indexOf(stands, index.name());
            if (at >= 0) {
                var old = stands.indexes().get(at);
                if (!old.withSettings(index.settings()).equals(index))
                    throw invalid("index " + index.name() + " exists with another key or projection; drop it first");
                rows.add(row.indexes().get(at));
            } else {
                if (index.isLocal())
                    throw invalid("a local index can only be made with its table: " + index.name());
                rows.add(new IndexRow(nextIndex++, Status.CREATING));
            }
        }
        for (int i = 0; i < stands.indexes().size(); i++)
            if (wanted.index(stands.indexes().get(i).name()) == null)
                drop(row, stands.indexes().get(i), row.indexes().get(i).id(), batch);
        return row.with(wanted, rows).withNextIndex(nextIndex);
    }

    private static int indexOf(TableDefinition table, String name) {
        for (int i = 0; i < table.indexes().size(); i++)
            if (table.indexes().get(i).name().equals(name))
                return i;
        return -1;
    }

    private static void drop(TableRow row, IndexDefinition index, int id, Batch batch) {
        if (index.isLocal())
            throw invalid("a local index lives as long as its table: " + index.name());
        batch.deleteRange(KvSpace.GSI, new OrderedBytes(8).u32(row.id()).u32(id).toBytes(),
                new OrderedBytes(8).u32(row.id()).u32(id + 1).toBytes());
    }
}
